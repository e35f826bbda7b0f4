import { useSyncExternalStore } from 'react';

const query = () => window.matchMedia?.('(prefers-color-scheme: dark)');

/** Returns the color scheme of the system, for painted content that does not follow it by itself. */
export function useColourScheme(): 'light' | 'dark' {
  return useSyncExternalStore(
    (onChange) => {
      const list = query();
      list?.addEventListener('change', onChange);
      return () => list?.removeEventListener('change', onChange);
    },
    () => (query()?.matches ? 'dark' : 'light'),
  );
}
