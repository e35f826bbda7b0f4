import type { Claim } from './chunk-table.ts';
import type { TransferItem } from './transfer-item.ts';

/**
 * Returns the claim, among all these contents, whose remainder will take longest, or null when none is worth splitting.
 * `usualBytesPerSecond` is the usual speed of one attempt on this link.
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
