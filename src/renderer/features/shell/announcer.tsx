import { useEffect, useState } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { announcements } from './announcements.ts';

/** Says changes aloud through a live region: states and full quarters only. */
export function Announcer() {
  const { engine, catalog } = useStores();
  const [said, setSaid] = useState('');
  useEffect(() => {
    let before: readonly DownloadView[] | null = engine.store.getState().downloads?.downloads ?? null;
    return engine.store.subscribe(({ downloads }) => {
      if (!downloads) return;
      const after = downloads.downloads;
      const nameOf = (view: DownloadView) => downloadName(view, catalog.store.getState().catalog);
      const sentences = before === null ? [] : announcements(before, after, nameOf);
      before = after;
      if (sentences.length > 0) setSaid(sentences.join('. '));
    });
  }, [engine, catalog]);
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {said}
    </div>
  );
}
