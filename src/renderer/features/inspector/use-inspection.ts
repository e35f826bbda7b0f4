import { useEffect, useState } from 'react';
import type { DownloadInspection } from '../../../shared/model/inspection.ts';
import { shareUnchanged } from '../../stores/share-unchanged.ts';
import { useStores } from '../../stores/stores-context.tsx';

/** How often the engine is polled while the inspector is visible, in milliseconds. */
const POLL_MS = 1000;

/** Returns the engine's details about a download, polled once a second while the page is visible. */
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
  // Until the result for another download arrives, the previous one's would be shown under its name.
  return inspection?.id === id ? inspection : null;
}
