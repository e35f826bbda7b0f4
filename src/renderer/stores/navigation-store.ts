import { createStore } from 'zustand/vanilla';
import type { Section } from '../../shared/contract/bridge.ts';
import type { Precision } from '../../shared/model/catalog.ts';

/** A reference whose files are to be previewed before anything starts. */
export interface PreviewWish {
  readonly reference: string;
  readonly variant?: Precision;
  /** Branch, tag or commit. */
  readonly revision?: string;
  /** True for a link from another program or a page: no key may start it before it was seen. */
  readonly isFromOutside?: boolean;
}

/** Where the user is. */
export interface NavigationState {
  readonly section: Section;
  /** Id of the selected download. */
  readonly selected: string | null;
  readonly isInspectorOpen: boolean;
  readonly isSidebarShown: boolean;
  /** The reference the preview dialog of Discover is open for. */
  readonly preview: PreviewWish | null;
  /** The preview that turned out to need a token; offered again once there is one. */
  readonly afterToken: PreviewWish | null;
  /** Id of the download whose cancellation is being confirmed. */
  readonly cancelAsked: string | null;
  /**
   * A field that takes the focus as soon as it is rendered: the link field of Discover, the search of a pane, the token
   * field.
   */
  readonly focusWanted: 'link' | 'search' | 'token' | null;
  /** Variants that were chosen on the cards of Discover, by model. */
  readonly chosenVariants: Readonly<Record<string, Precision>>;
  go(section: Section): void;
  /** Shows Downloads with this one selected. */
  showDownload(id: string): void;
  select(id: string | null): void;
  chooseVariant(model: string, variant: Precision): void;
  toggleInspector(): void;
  toggleSidebar(): void;
  openPreview(wish: PreviewWish): void;
  closePreview(): void;
  /** Goes to the token field; `wish` is the preview that needs the token. */
  enterToken(wish: PreviewWish | null): void;
  /** Reports that there is a token now. */
  tokenEntered(): void;
  askCancel(id: string | null): void;
  /** Focuses a field, changing the section if necessary. */
  wantFocus(field: 'link' | 'search' | 'token'): void;
  /** Call from the field that took the focus. */
  focusTaken(): void;
}

export function createNavigationStore() {
  return createStore<NavigationState>((set) => ({
    section: 'discover',
    selected: null,
    isInspectorOpen: false,
    isSidebarShown: true,
    preview: null,
    afterToken: null,
    cancelAsked: null,
    focusWanted: null,
    chosenVariants: {},
    go: (section) => set({ section, preview: null, cancelAsked: null }),
    showDownload: (id) => set({ section: 'downloads', selected: id, preview: null }),
    select: (id) => set({ selected: id }),
    chooseVariant: (model, variant) =>
      set(({ chosenVariants }) => ({ chosenVariants: { ...chosenVariants, [model]: variant } })),
    toggleInspector: () =>
      set(({ section, isInspectorOpen }) => ({
        section: 'downloads',
        preview: null,
        // From another section it is opened, never closed unseen.
        isInspectorOpen: section !== 'downloads' || !isInspectorOpen,
      })),
    toggleSidebar: () => set(({ isSidebarShown }) => ({ isSidebarShown: !isSidebarShown })),
    openPreview: (wish) => set({ preview: wish }),
    closePreview: () => set({ preview: null }),
    enterToken: (wish) => set({ section: 'settings', focusWanted: 'token', preview: null, afterToken: wish }),
    tokenEntered: () => set({ afterToken: null }),
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
