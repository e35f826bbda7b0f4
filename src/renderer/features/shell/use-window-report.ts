import { useEffect } from 'react';
import type { WindowReport } from '../../../shared/contract/app-commands.ts';
import type { NavigationState } from '../../stores/navigation-store.ts';
import { useStores } from '../../stores/stores-context.tsx';

/** Reports the state that the menu bar depends on: its items say Show or Hide, and act on the selected download. */
export function useWindowReport(): void {
  const { bridge, navigation } = useStores();
  useEffect(() => {
    let last = '';
    const report = (state: NavigationState) => {
      const next = reportOf(state);
      const text = JSON.stringify(next);
      if (text === last) return;
      last = text;
      void bridge.call('window.report', next);
    };
    report(navigation.getState());
    return navigation.subscribe(report);
  }, [bridge, navigation]);
}

function reportOf({ section, selected, isInspectorOpen, isSidebarShown }: NavigationState): WindowReport {
  const isInDownloads = section === 'downloads';
  return {
    isInspectorOpen: isInDownloads && isInspectorOpen,
    isSidebarShown,
    selected: isInDownloads ? selected : null,
  };
}
