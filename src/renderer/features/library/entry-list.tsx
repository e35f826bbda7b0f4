import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { thisPlatform } from '../../ui/platform.ts';
import type { EntryPlace } from './entry-row.tsx';
import type { LibraryEntry } from './library-entries.ts';
import styles from './library-lists.module.css';
import type { EntrySelection } from './use-selection.ts';
import { words } from './words.ts';

/** Height of a usual row with the gap below it, in pixels: a guess until it was seen. */
const ROW_HEIGHT = 72;
/** Gap between rows, as in the style sheet. */
const GAP = 10;
/** Rows beyond those in sight that are there for the next step of a wheel. Few, for a row has buttons and menus. */
const OVERSCAN = 3;
/** Up to so many rows a list is simply there: the find command and screen readers see all of it. */
const WHOLE_UP_TO = 30;

/**
 * The rows of the library, and the keys on them: arrows choose, with Shift they select as far as they go, ⌘A selects all. In a long list
 * only the rows in sight are in the page, and the one that has the focus.
 */
export function EntryList(props: {
  readonly entries: readonly LibraryEntry[];
  readonly selection: EntrySelection;
  readonly onShow: (entry: LibraryEntry) => void;
  readonly rowOf: (entry: LibraryEntry, place?: EntryPlace) => ReactNode;
}) {
  const { entries, rowOf, selection } = props;
  const list = useRef<HTMLUListElement>(null);
  const isWindowed = entries.length > WHOLE_UP_TO;
  const at = entries.findIndex(({ key }) => key === selection.current);
  const [above, setAbove] = useState(0);
  // What stands above it in the pane comes and goes.
  useLayoutEffect(() => setAbove(list.current?.offsetTop ?? 0));
  const rows = useVirtualizer({
    enabled: isWindowed,
    count: entries.length,
    getScrollElement: () => list.current?.closest<HTMLElement>('[data-scroll]') ?? null,
    getItemKey: (index) => entries[index]?.key ?? index,
    estimateSize: () => ROW_HEIGHT,
    gap: GAP,
    overscan: OVERSCAN,
    scrollMargin: above,
    rangeExtractor: (range) => withCurrent(range, at),
  });
  const focusRow = useWantedRow(list);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.dataset.row === undefined) return;
    if (isSelectAll(event)) {
      event.preventDefault();
      return selection.chooseAll();
    }
    const key = keyOf(event);
    if (key === null) return;
    event.preventDefault();
    const here = entries.findIndex((entry) => entry.key === target.dataset.row);
    if (key === 'show') {
      const entry = entries[here];
      if (entry) props.onShow(entry);
      return;
    }
    const next = { next: here + 1, previous: here - 1, first: 0, last: entries.length - 1 }[key];
    const entry = entries[next];
    if (entry === undefined) return;
    selection.choose(entry.key, event.shiftKey ? 'range' : 'one');
    focusRow(entry.key);
    if (isWindowed) rows.scrollToIndex(next);
  };
  if (!isWindowed) {
    return (
      <ul ref={list} className={styles.list} aria-label={words.list} onKeyDown={onKeyDown}>
        {entries.map((entry) => rowOf(entry))}
      </ul>
    );
  }
  return (
    <ul
      ref={list}
      className={styles.windowed}
      aria-label={words.list}
      style={{ height: rows.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {rows.getVirtualItems().map(({ index, start }) => {
        const entry = entries[index];
        const place = { index, count: entries.length, top: start - above, measure: rows.measureElement };
        return entry === undefined ? null : rowOf(entry, place);
      })}
    </ul>
  );
}

function withCurrent(range: Range, current: number): number[] {
  const shown = defaultRangeExtractor(range);
  return current < 0 || shown.includes(current) ? shown : [...shown, current].sort((a, b) => a - b);
}

/** Gives the focus to a row once the page knows that it was chosen, and as soon as it is there. */
function useWantedRow(list: { readonly current: HTMLElement | null }): (key: string) => void {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    for (const row of list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? []) {
      if (row.dataset.row !== wanted.current) continue;
      wanted.current = null;
      row.focus();
      return;
    }
  });
  return (key) => {
    wanted.current = key;
  };
}

type ListStep = 'next' | 'previous' | 'first' | 'last' | 'show';
const STEPS: Readonly<Record<string, ListStep>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Enter: 'show',
};

/** As `listKeyOf`, and with Shift. */
function keyOf({ key, altKey, metaKey, ctrlKey }: KeyboardEvent): ListStep | null {
  if (altKey || metaKey || ctrlKey) return null;
  return Object.hasOwn(STEPS, key) ? (STEPS[key] ?? null) : null;
}

function isSelectAll({ key, metaKey, ctrlKey, altKey, shiftKey }: KeyboardEvent): boolean {
  const hasMain = thisPlatform() === 'darwin' ? metaKey : ctrlKey;
  return hasMain && !altKey && !shiftKey && key.toLowerCase() === 'a';
}
