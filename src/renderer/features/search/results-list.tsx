import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FoundGroup } from '../../../shared/model/search.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { listKeyOf, walk } from '../../ui/list-keys.ts';
import { ResultRow, type RowPlace } from './result-row.tsx';
import styles from './results-list.module.css';
import { words } from './words.ts';

/** Height of a row with the gap below it, in pixels; as in the style sheet. */
const ROW_HEIGHT = 116;
/** Rows beyond the visible ones, rendered for the next step of a wheel or of a key. */
const OVERSCAN = 4;
/** Up to this many rows a list is rendered whole: the find command and screen readers see all of it. */
const WHOLE_UP_TO = 20;
/** The next page is requested when this few rows are left below. */
const AHEAD = 15;

/**
 * Groups of search results. Only the visible ones are rendered, and the next page is requested before the end is
 * reached.
 */
export function ResultsList({ groups }: { readonly groups: readonly FoundGroup[] }) {
  const [current, setCurrent] = useState<string | null>(null);
  const isThere = groups.some(({ base }) => base === current);
  const stop = isThere ? current : (groups[0]?.base ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const key = target?.dataset.row === undefined ? null : listKeyOf(event);
    if (key === null || key === 'show' || !target) return;
    event.preventDefault();
    walk(event.currentTarget, target, key);
  };
  const rowOf = (group: FoundGroup, place: RowPlace | null) => (
    <ResultRow
      key={group.base}
      group={group}
      {...place}
      isCurrent={group.base === stop}
      onFocus={setCurrent}
    />
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from row to row.
    <div data-results onKeyDown={onKeyDown}>
      {groups.length > WHOLE_UP_TO ? (
        <Windowed groups={groups} rowOf={rowOf} />
      ) : (
        <Whole groups={groups} rowOf={rowOf} />
      )}
    </div>
  );
}

interface ListProps {
  readonly groups: readonly FoundGroup[];
  readonly rowOf: (group: FoundGroup, place: RowPlace | null) => ReactNode;
}

function Whole({ groups, rowOf }: ListProps) {
  const { search } = useStores();
  // A first page of few groups leaves room for the next one.
  useEffect(() => {
    if (groups.length > 0) search.more();
  }, [groups.length, search]);
  return (
    <ul className={styles.list} aria-label={words.results}>
      {groups.map((group) => rowOf(group, null))}
    </ul>
  );
}

function Windowed({ groups, rowOf }: ListProps) {
  const { search } = useStores();
  const list = useRef<HTMLUListElement>(null);
  const [above, setAbove] = useState(0);
  // What is above it in the pane comes and goes: a note, a card of the catalog.
  useLayoutEffect(() => setAbove(list.current?.offsetTop ?? 0));
  const rows = useVirtualizer({
    count: groups.length,
    getScrollElement: () => list.current?.closest<HTMLElement>('[data-scroll]') ?? null,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: above,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last + AHEAD >= groups.length) search.more();
  }, [last, groups.length, search]);
  return (
    <ul ref={list} className={styles.list} aria-label={words.results} style={{ height: rows.getTotalSize() }}>
      {shown.map(({ index, start }) => {
        const group = groups[index];
        const top = start - above;
        return group === undefined ? null : rowOf(group, { index, count: groups.length, top });
      })}
    </ul>
  );
}
