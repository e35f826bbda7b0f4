import { useMemo, useState } from 'react';
import type { Library } from '../../../shared/model/library.ts';
import { useCatalog, useLibrary } from '../../stores/stores-context.tsx';
import { isOutdated } from './library-actions.ts';
import {
  arrange,
  type LibraryEntry,
  type LibraryFilter,
  type LibrarySort,
  libraryEntries,
} from './library-entries.ts';

/** How the list is looked at, and how to look at it otherwise. */
export interface LibraryLook {
  readonly sort: LibrarySort;
  readonly filter: LibraryFilter;
  setSort(sort: LibrarySort): void;
  setFilter(filter: LibraryFilter): void;
}

export function useLibraryLook(): LibraryLook {
  const [sort, setSort] = useState<LibrarySort>('name');
  const [filter, setFilter] = useState<LibraryFilter>('all');
  return { sort, filter, setSort, setFilter };
}

/** Keys of models of which the Hub has a newer commit, as of the last check. */
export function useOutdated(): ReadonlySet<string> {
  const updates = useLibrary((state) => state.updates);
  return useMemo(
    () => new Set(Object.entries(updates ?? {}).flatMap(([key, check]) => (isOutdated(check) ? [key] : []))),
    [updates],
  );
}

/** The rows that are wanted, in the order that is wanted, without those that are about to be removed. */
export function useEntries(
  library: Library,
  search: string,
  { sort, filter }: LibraryLook,
  outdated: ReadonlySet<string>,
): readonly LibraryEntry[] {
  const catalog = useCatalog((state) => state.catalog);
  const reports = useLibrary((state) => state.reports);
  const leaving = useLibrary((state) => state.leaving);
  const entries = useMemo(() => libraryEntries(library, catalog), [library, catalog]);
  return useMemo(
    () =>
      arrange(
        entries.filter(({ key }) => !leaving.has(key)),
        { search, sort, filter },
        { reports, outdated },
      ),
    [entries, leaving, search, sort, filter, reports, outdated],
  );
}
