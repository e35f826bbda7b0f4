/** Returns the edits (insert, delete, replace one character) that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Longer input is not a mistyped id, and would only cost time. */
const MAX_TYPED_LENGTH = 64;

/** Returns up to `limit` of the `known` ids that `typed` was probably meant to be, nearest first. */
export function nearest(typed: string, known: readonly string[], limit = 3): string[] {
  if (typed.length > MAX_TYPED_LENGTH) return [];
  const wanted = typed.toLowerCase();
  const scored = known.map((id) => {
    const contained = wanted.length >= 3 && (id.includes(wanted) || wanted.includes(id));
    const distance = editDistance(wanted, id);
    return { id, distance: contained ? Math.min(1, distance) : distance };
  });
  return scored
    .filter(({ id, distance }) => distance <= Math.max(2, Math.floor(id.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ id }) => id);
}
