/**
 * Maps `items` with at most `limit` concurrent calls of `work`. Results keep the order of the items. The first failure
 * stops new calls from starting and is thrown.
 */
export async function boundedMap<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  // One iterator for all runners: each takes the next item that nobody has taken.
  const queue = items.entries();
  let failed = false;
  const run = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (cause) {
        failed = true;
        throw cause;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  return results;
}
