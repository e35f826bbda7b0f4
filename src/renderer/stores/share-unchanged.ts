/**
 * Returns the new value with every part that equals the old one replaced by the old one, so that what did not change
 * keeps its identity and nothing that displays it renders again. For plain data only.
 */
export function shareUnchanged<T>(before: T, after: T): T {
  if (Object.is(before, after)) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    const items = after.map((item, index) => shareUnchanged<unknown>(before[index], item));
    const isSame = items.length === before.length && items.every((item, index) => item === before[index]);
    return isSame ? before : (items as T);
  }
  if (!isRecord(before) || !isRecord(after)) return after;
  const keys = Object.keys(after);
  const shared = Object.fromEntries(keys.map((key) => [key, shareUnchanged(before[key], after[key])]));
  const isSame =
    keys.length === Object.keys(before).length && keys.every((key) => shared[key] === before[key]);
  return isSame ? before : (shared as T);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Does the same as {@link shareUnchanged} for lists whose items have an id, one list after the other: an item is
 * compared with the last one of its id. An item that was compared once is known from then on, so that a list with one
 * new item costs one comparison.
 */
export function createListSharer<T extends { readonly id: string }>(): (items: readonly T[]) => readonly T[] {
  const seen = new WeakMap<T, T>();
  let last: readonly T[] = [];
  return (items) => {
    const byId = new Map(last.map((item) => [item.id, item]));
    const shared = items.map((item) => {
      const known = seen.get(item) ?? shareUnchanged(byId.get(item.id) ?? item, item);
      seen.set(item, known);
      return known;
    });
    const isSame = shared.length === last.length && shared.every((item, index) => item === last[index]);
    if (!isSame) last = shared;
    return last;
  };
}
