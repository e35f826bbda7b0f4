import { useEffect } from 'react';
import { useEngine, useStores } from '../../stores/stores-context.tsx';

/**
 * Reads the cache when the pane is opened, when the window becomes visible, and when a download was added or removed.
 */
export function useLibraryFeed(): void {
  const { library } = useStores();
  const downloads = useEngine((state) =>
    [...(state.downloads?.downloads ?? []), ...(state.downloads?.builds ?? [])]
      .map((view) => `${view.id} ${view.state === 'ready'}`)
      .join(),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is on the disk follows from the downloads.
  useEffect(() => {
    void library.load();
  }, [library, downloads]);
  useEffect(() => {
    const see = () => {
      if (!document.hidden) void library.load();
    };
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [library]);
}
