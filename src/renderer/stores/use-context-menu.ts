import { type MouseEvent, useCallback, useRef } from 'react';
import type { RowItems } from '../ui/row-menu.tsx';
import { useStores } from './stores-context.tsx';

/**
 * Opens the context menu of the system for a row, and does what was chosen. The click goes on to Chromium, which tells the main process
 * of it: without that no menu opens. `items` is called at the click; null leaves it alone.
 */
export function useContextMenu(items: () => RowItems | null): (event: MouseEvent) => void {
  const { bridge } = useStores();
  const current = useRef(items);
  current.current = items;
  return useCallback(
    (event) => {
      if (event.target instanceof Element && event.target.closest('input, textarea')) return;
      const shown = current.current()?.filter((group) => group.length > 0) ?? [];
      if (shown.length === 0) return;
      const groups = shown.map((group) =>
        group.map(({ name, isDisabled }) => ({ name, isDisabled: isDisabled === true })),
      );
      void bridge.call('menu.popUp', { groups }).then((outcome) => {
        const chosen = outcome.ok ? outcome.value.chosen : null;
        shown
          .flat()
          .find(({ name, isDisabled }) => name === chosen && isDisabled !== true)
          ?.onSelect();
      });
    },
    [bridge],
  );
}
