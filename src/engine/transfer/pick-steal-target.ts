import type { Claim } from './chunk-table.ts';
import type { TransferItem } from './transfer-item.ts';

/**
 * The claim of all these blobs whose rest will take longest; null when no rest is worth splitting. `usualBytesPerSecond` is
 * what a stream gets on this line.
 */
export function pickStealTarget(
  items: readonly TransferItem[],
  usualBytesPerSecond: number,
): { readonly item: TransferItem; readonly claim: Claim } | null {
  const slowest = items
    .flatMap((item) => {
      const slow = item.table.slowestClaim(usualBytesPerSecond);
      return slow ? [{ item, ...slow }] : [];
    })
    .sort((a, b) => b.seconds - a.seconds)[0];
  return slowest ?? null;
}
