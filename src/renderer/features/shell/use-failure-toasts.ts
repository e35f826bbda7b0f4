import { useEffect } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { Stores } from '../../stores/stores.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { failedWords } from '../download/failed-words.ts';
import { words } from './words.ts';

/** Shows a notice when a download stops where nothing visible reports it, and removes it when it continues. */
export function useFailureToasts(): void {
  const stores = useStores();
  useEffect(() => {
    let before: readonly DownloadView[] | null = null;
    const forget = stores.navigation.subscribe(({ section }) => {
      if (section === 'downloads') settleAll(stores);
    });
    const unfollow = stores.engine.store.subscribe(({ downloads }) => {
      if (!downloads || downloads.downloads === before) return;
      const { stopped, wentOn } = changesOf(before, downloads.downloads);
      before = downloads.downloads;
      for (const id of wentOn) stores.toasts.getState().settle(id);
      for (const view of stopped) if (!isInSight(view, stores)) showFailure(view, stores);
    });
    return () => {
      forget();
      unfollow();
    };
  }, [stores]);
}

/** The rows show everything. */
function settleAll({ toasts }: Stores): void {
  const { toasts: shown, settle } = toasts.getState();
  for (const { about } of shown) if (about !== undefined) settle(about);
}

function changesOf(before: readonly DownloadView[] | null, after: readonly DownloadView[]) {
  const failed = new Set(after.filter(({ state }) => state === 'failed').map(({ id }) => id));
  const old = before ?? [];
  const wentOn = old.filter(({ id, state }) => state === 'failed' && !failed.has(id)).map(({ id }) => id);
  const running = new Set(old.filter(({ state }) => state !== 'failed').map(({ id }) => id));
  return { wentOn, stopped: after.filter(({ id, state }) => state === 'failed' && running.has(id)) };
}

/** Its row, or the card of its model. */
function isInSight(view: DownloadView, { navigation }: Stores): boolean {
  const { section } = navigation.getState();
  return section === 'downloads' || (section === 'discover' && view.model !== null);
}

function showFailure(view: DownloadView, { toasts, navigation, catalog }: Stores): void {
  const name = downloadName(view, catalog.store.getState().catalog);
  const action = { label: words.show, run: () => navigation.getState().showDownload(view.id) };
  const text = words.stopped(name, failedWords(view).text);
  toasts.getState().show({ tone: 'bad', text, action, about: view.id });
}
