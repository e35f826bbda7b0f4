import type { PageRequest } from '../../shared/contract/bridge.ts';

/** Passes on requests of a menu, the tray, a link or a key to the page. */
export interface PageRequests {
  /**
   * Emits the same request at most once within {@link SAME_WITHIN_MS}, so that a key that is also a menu's acts once.
   */
  emit(request: PageRequest): void;
  /** Returns a function that unsubscribes. */
  on(listener: (request: PageRequest) => void): () => void;
}

/** A key press reaches page and menu within one round trip between the processes; nobody presses twice in that time. */
const SAME_WITHIN_MS = 150;

export function createPageRequests(now: () => number): PageRequests {
  const listeners = new Set<(request: PageRequest) => void>();
  let last = { text: '', at: Number.NEGATIVE_INFINITY };
  return {
    emit: (request) => {
      const text = JSON.stringify(request);
      const at = now();
      const isEcho = text === last.text && at - last.at < SAME_WITHIN_MS;
      last = { text, at };
      if (isEcho) return;
      for (const listener of listeners) listener(request);
    },
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
