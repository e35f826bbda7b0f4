import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  type Choosing,
  choose,
  chooseAll,
  keepShown,
  NOTHING_SELECTED,
  type Selection,
} from '../../ui/selection.ts';
import type { LibraryEntry } from './library-entries.ts';

/** What of the list is selected, and how to select otherwise. `choose` is the same function each time. */
export interface EntrySelection extends Selection {
  readonly selected: readonly LibraryEntry[];
  choose(key: string, how: Choosing): void;
  chooseAll(): void;
  clear(): void;
}

/** A selection that follows the list: what is not shown is not selected. */
export function useSelection(entries: readonly LibraryEntry[]): EntrySelection {
  const order = useMemo(() => entries.map(({ key }) => key), [entries]);
  const shown = useRef(order);
  shown.current = order;
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  useEffect(() => setSelection((before) => keepShown(before, order)), [order]);
  const chooseOne = useCallback(
    (key: string, how: Choosing) => setSelection((before) => choose(before, key, how, shown.current)),
    [],
  );
  const selected = useMemo(
    () => entries.filter(({ key }) => selection.keys.has(key)),
    [entries, selection.keys],
  );
  return {
    ...selection,
    selected,
    choose: chooseOne,
    chooseAll: () => setSelection((before) => chooseAll(before, order)),
    clear: () => setSelection((before) => ({ ...NOTHING_SELECTED, current: before.current })),
  };
}
