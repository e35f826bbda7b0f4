/** Rows of a list that are selected together. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** Where a range begins. */
  readonly anchor: string | null;
  /** The row that keys go to: the one that was chosen last. */
  readonly current: string | null;
}

export const NOTHING_SELECTED: Selection = { keys: new Set(), anchor: null, current: null };

/** How a row is chosen: by itself, added or taken away (⌘), or all from the anchor to it (Shift). */
export type Choosing = 'one' | 'toggle' | 'range';

/** The selection after a row was chosen, in a list of these keys in this order. */
export function choose(before: Selection, key: string, how: Choosing, order: readonly string[]): Selection {
  if (how === 'toggle') {
    const keys = new Set(before.keys);
    if (!keys.delete(key)) keys.add(key);
    return { keys, anchor: key, current: key };
  }
  const from = order.indexOf(before.anchor ?? '');
  const to = order.indexOf(key);
  if (how === 'one' || from < 0 || to < 0) return { keys: new Set([key]), anchor: key, current: key };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: new Set(range), anchor: before.anchor, current: key };
}

/** All of a list. */
export function chooseAll(before: Selection, order: readonly string[]): Selection {
  return { keys: new Set(order), anchor: order[0] ?? null, current: before.current ?? order[0] ?? null };
}

/** Without the rows that are gone or hidden. The same object when none is. */
export function keepShown(before: Selection, order: readonly string[]): Selection {
  const there = new Set(order);
  const isThere = (key: string | null) => key === null || there.has(key);
  if ([...before.keys].every(isThere) && isThere(before.anchor) && isThere(before.current)) return before;
  return {
    keys: new Set([...before.keys].filter((key) => there.has(key))),
    anchor: isThere(before.anchor) ? before.anchor : null,
    current: isThere(before.current) ? before.current : null,
  };
}
