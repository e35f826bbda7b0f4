import { useEffect } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { Stores } from '../../stores/stores.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { words } from './words.ts';

/** Shows a notice when a download stops while its row is not in sight. */
export function useFailureToasts(): void {
  const stores = useStores();
  useEffect(() => {
    let before: readonly DownloadView[] | null = null;
    return stores.engine.store.subscribe(({ downloads }) => {
      if (!downloads || downloads.downloads === before) return;
      const failed = before === null ? [] : newlyFailed(before, downloads.downloads);
      before = downloads.downloads;
      if (stores.navigation.getState().section === 'downloads') return;
      for (const view of failed) tell(view, stores);
    });
  }, [stores]);
}

function newlyFailed(before: readonly DownloadView[], after: readonly DownloadView[]) {
  const running = new Set(before.filter(({ state }) => state !== 'failed').map(({ id }) => id));
  return after.filter(({ id, state, reason }) => state === 'failed' && reason !== null && running.has(id));
}

function tell(view: DownloadView, { toasts, navigation, catalog }: Stores): void {
  const name = downloadName(view, catalog.store.getState().catalog);
  const action = { label: words.show, run: () => navigation.getState().showDownload(view.id) };
  toasts.getState().show({ tone: 'bad', text: words.stopped(name, view.reason ?? ''), action });
}
