import { createStore } from 'zustand/vanilla';
import type { Section } from '../../shared/contract/bridge.ts';

/** A reference whose files are to be looked at before anything starts. */
export interface PreviewWish {
  readonly reference: string;
  readonly variant?: string;
  /** The download that stopped because the Hub's file is not the expected one, and that this preview is to start again. */
  readonly changed?: string;
}

/** Where the user is. */
export interface NavigationState {
  readonly section: Section;
  /** Id of the selected download. */
  readonly selected: string | null;
  readonly isInspectorOpen: boolean;
  /** The preview dialog of Discover is open for this. */
  readonly preview: PreviewWish | null;
  /** Id of the download whose cancelling is asked about. */
  readonly cancelAsked: string | null;
  /** A field that takes the focus as soon as it is there: the link field of Discover, the search of a pane, the token field. */
  readonly focusWanted: 'link' | 'search' | 'token' | null;
  go(section: Section): void;
  /** Shows Downloads with this one selected. */
  showDownload(id: string): void;
  select(id: string | null): void;
  toggleInspector(): void;
  openPreview(wish: PreviewWish): void;
  closePreview(): void;
  askCancel(id: string | null): void;
  /** Goes where the field is, if need be. */
  wantFocus(field: 'link' | 'search' | 'token'): void;
  /** To be called by the field that took the focus. */
  focusTaken(): void;
}

export function createNavigationStore() {
  return createStore<NavigationState>((set) => ({
    section: 'discover',
    selected: null,
    isInspectorOpen: false,
    preview: null,
    cancelAsked: null,
    focusWanted: null,
    go: (section) => set({ section }),
    showDownload: (id) => set({ section: 'downloads', selected: id }),
    select: (id) => set({ selected: id }),
    toggleInspector: () =>
      set(({ isInspectorOpen }) => ({ section: 'downloads', isInspectorOpen: !isInspectorOpen })),
    openPreview: (wish) => set({ section: 'discover', preview: wish }),
    closePreview: () => set({ preview: null }),
    askCancel: (id) => set({ cancelAsked: id }),
    wantFocus: (field) =>
      set((state) => ({ focusWanted: field, section: sectionOf(field) ?? state.section })),
    focusTaken: () => set({ focusWanted: null }),
  }));
}

function sectionOf(field: 'link' | 'search' | 'token'): Section | null {
  if (field === 'link') return 'discover';
  return field === 'token' ? 'settings' : null;
}
