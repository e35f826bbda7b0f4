import { type KeyboardEvent, useCallback } from 'react';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { Stores } from '../../stores/stores.ts';
import { useRequest, useStores } from '../../stores/stores-context.tsx';
import { listKeyOf, walk } from '../../ui/list-keys.ts';
import type { RowActions } from '../download/row-actions.ts';
import { canStartNow } from './row-items.ts';

/** Handles keys on a row itself; those inside its buttons belong to the buttons. */
export function useListKeys(actions: RowActions): (event: KeyboardEvent) => void {
  const stores = useStores();
  return (event) => {
    const row = event.target instanceof HTMLElement ? event.target : null;
    if (row?.dataset.row === undefined) return;
    const key = listKeyOf(event);
    if (key === null) return;
    event.preventDefault();
    if (key !== 'show') return walk(event.currentTarget, row, key);
    const view = selectedView(stores);
    if (view?.state === 'ready') actions.reveal(view);
    else stores.navigation.getState().toggleInspector();
  };
}

function selectedView({ engine, navigation }: Stores): DownloadView | undefined {
  const { selected } = navigation.getState();
  return engine.store.getState().downloads?.downloads.find(({ id }) => id === selected);
}

/** Handles requests of menus, tray and keys for the selected download. */
export function useSelectedRequests(actions: RowActions): void {
  const stores = useStores();
  const toggle = useCallback(() => {
    const view = selectedView(stores);
    if (view) actions.toggle(view);
  }, [stores, actions]);
  const start = useCallback(() => {
    const view = selectedView(stores);
    if (view && canStartNow(view)) actions.startNow(view.id);
  }, [stores, actions]);
  const remove = useCallback(() => {
    const view = selectedView(stores);
    if (view) actions.remove(view);
  }, [stores, actions]);
  const verify = useCallback(() => {
    const view = selectedView(stores);
    if (view?.state === 'ready') actions.verify(view);
  }, [stores, actions]);
  useRequest('toggle-selected', toggle);
  useRequest('start-selected', start);
  useRequest('remove-selected', remove);
  useRequest('verify-selected', verify);
}
