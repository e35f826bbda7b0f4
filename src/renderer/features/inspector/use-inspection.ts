import { useEffect, useState } from 'react';
import type { DownloadInspection } from '../../../shared/model/inspection.ts';
import { shareUnchanged } from '../../stores/share-unchanged.ts';
import { useStores } from '../../stores/stores-context.tsx';

/** How often the engine is asked while the inspector can be seen, in milliseconds. */
const POLL_MS = 1000;

/** What the engine knows of a download in detail, asked for once a second while the page can be seen. */
export function useInspection(id: string | null): DownloadInspection | null {
  const { bridge } = useStores();
  const [inspection, setInspection] = useState<DownloadInspection | null>(null);
  useEffect(() => {
    if (id === null) return;
    let isWanted = true;
    let isAsking = false;
    const ask = async () => {
      if (document.hidden || isAsking) return;
      isAsking = true;
      const outcome = await bridge.call('downloads.inspect', { id });
      isAsking = false;
      if (!isWanted || !outcome.ok) return;
      setInspection((before) => (before ? shareUnchanged(before, outcome.value) : outcome.value));
    };
    void ask();
    const timer = setInterval(() => void ask(), POLL_MS);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [bridge, id]);
  // Until the answer for another download is there, that of the one before would be shown under its name.
  return inspection?.id === id ? inspection : null;
}
