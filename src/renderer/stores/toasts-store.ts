import { createStore } from 'zustand/vanilla';

/** A notice at the lower edge of the window. */
export interface Toast {
  readonly id: number;
  /** `bad` stays until it is dismissed. */
  readonly tone: 'good' | 'bad';
  /** What happened, what is safe, what happens next. */
  readonly text: string;
  /** What it is about; another one about the same replaces it, and `settle` removes it. */
  readonly about?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long good news stays, if not the default. */
  readonly staysMs?: number;
}

export interface ToastsState {
  readonly toasts: readonly Toast[];
  show(toast: Omit<Toast, 'id'>): void;
  dismiss(id: number): void;
  /** What the notice was about is over. */
  settle(about: string): void;
}

/** How long good news stays, in milliseconds: time to read a sentence twice. */
const GOOD_STAYS_MS = 6000;
/** More of them hide the page. */
const MOST_SHOWN = 4;

export function createToastsStore(timer: (run: () => void, delayMs: number) => unknown = setTimeout) {
  let lastId = 0;
  return createStore<ToastsState>((set, get) => ({
    toasts: [],
    show: (toast) => {
      lastId += 1;
      const id = lastId;
      // The same failure of ten downloads is one notice.
      const others = get().toasts.filter(
        ({ text, about }) => text !== toast.text && (about === undefined || about !== toast.about),
      );
      set({ toasts: [...others, { ...toast, id }].slice(-MOST_SHOWN) });
      if (toast.tone === 'good') timer(() => get().dismiss(id), toast.staysMs ?? GOOD_STAYS_MS);
    },
    settle: (about) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.about !== about) })),
    dismiss: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
  }));
}
