import { useEngine, useLibrary } from '../../stores/stores-context.tsx';
import type { LibraryEntry } from './library-entries.ts';
import { comingBy, soundnessOf, unfinishedSoundness } from './library-rows.ts';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const formatTime = (iso: string) => date.format(new Date(iso));

/** Returns whether the model of a row can be trusted, and the download of its missing files. */
export function useSoundness(entry: LibraryEntry) {
  const report = useLibrary((state) => state.reports[entry.key]);
  // Progress changes a download all the time; here only these two are of interest.
  const download = useEngine(({ downloads }) => comingBy(entry, downloads?.downloads ?? [])?.id ?? null);
  const coming = useEngine(({ downloads }) => comingBy(entry, downloads?.downloads ?? [])?.state ?? null);
  const soundness =
    entry.model === null
      ? unfinishedSoundness(coming)
      : soundnessOf(entry.model, { report, coming, formatTime });
  return { ...soundness, report, coming, download };
}

/** What {@link useSoundness} tells. */
export type EntrySoundness = ReturnType<typeof useSoundness>;
