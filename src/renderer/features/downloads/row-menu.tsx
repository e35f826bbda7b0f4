import { type MouseEvent, memo } from 'react';
import type { DownloadView } from '../../../shared/model/download.ts';
import { usePreferences, useStores } from '../../stores/stores-context.tsx';
import { useContextMenu } from '../../stores/use-context-menu.ts';
import { thisPlatform } from '../../ui/platform.ts';
import { RowMenuButton } from '../../ui/row-menu.tsx';
import type { RowActions } from '../download/row-actions.ts';
import { words } from '../download/words.ts';
import { type RowContext, rowItems } from './row-items.ts';

interface RowMenuProps {
  readonly view: DownloadView;
  readonly actions: RowActions;
}

/** Further actions on a download. Does not change with every byte. */
export const RowMenu = memo(function RowMenu({ view, actions }: RowMenuProps) {
  return <RowMenuButton label={words.more} groups={rowItems(view, useRowContext(actions))} />;
}, isSameMenu);

/** The same as a context menu of the system, made when it is asked for. */
export function useRowContextMenu(id: string, actions: RowActions): (event: MouseEvent) => void {
  const { engine } = useStores();
  const context = useRowContext(actions);
  return useContextMenu(() => {
    const view = engine.store.getState().downloads?.downloads.find((each) => each.id === id);
    return view === undefined ? null : rowItems(view, context);
  });
}

function useRowContext(actions: RowActions): RowContext {
  const { navigation } = useStores();
  const hasPage = usePreferences(({ info }) => info?.endpoint.startsWith('https:') === true);
  const inspect = (id: string) => {
    navigation.getState().select(id);
    if (!navigation.getState().isInspectorOpen) navigation.getState().toggleInspector();
  };
  return { actions, hasPage, inspect, isMac: thisPlatform() === 'darwin' };
}

function isSameMenu(a: RowMenuProps, b: RowMenuProps): boolean {
  const same = (key: 'id' | 'state' | 'snapshot' | 'commit') => a.view[key] === b.view[key];
  const isKnown = a.view.totalBytes > 0 === b.view.totalBytes > 0;
  const isBegun = a.view.receivedBytes > 0 === b.view.receivedBytes > 0;
  const isWaiting = a.view.wait?.reason === b.view.wait?.reason;
  return (
    a.actions === b.actions &&
    isKnown &&
    isBegun &&
    isWaiting &&
    same('id') &&
    same('state') &&
    same('snapshot') &&
    same('commit')
  );
}
