import type { BridgeEvent, PageRequest } from '../../shared/contract/bridge.ts';
import type { MainWindow } from './main-window.ts';

/** Stands for the window from the first moment: links and second starts may come before there is one. */
export interface WindowHolder
  extends Pick<
    MainWindow,
    'show' | 'tell' | 'isFocused' | 'contentsId' | 'hide' | 'pageListens' | 'popUpMenu' | 'drag'
  > {
  hold(window: MainWindow): void;
}

/** A holder without a window. */
export function createWindowHolder(): WindowHolder {
  let held: MainWindow | null = null;
  let wanted: { readonly request?: PageRequest } | null = null;
  return {
    hold: (window) => {
      held = window;
      if (wanted) window.show(wanted.request);
      wanted = null;
    },
    show: (request) => {
      if (held) held.show(request);
      else wanted = request === undefined ? { ...wanted } : { request };
    },
    hide: () => held?.hide(),
    pageListens: () => held?.pageListens(),
    tell: (event: BridgeEvent) => held?.tell(event),
    isFocused: () => held?.isFocused() ?? false,
    popUpMenu: async (groups) => (await held?.popUpMenu(groups)) ?? null,
    drag: (path) => held?.drag(path),
    contentsId: () => held?.contentsId() ?? null,
  };
}
