import type { Claim } from './chunk-table.ts';
import type { TransferSource } from './transfer-source.ts';

/** The claim of all these blobs whose rest will take longest; null when no rest is worth splitting. */
export function slowestWork(
  sources: readonly TransferSource[],
): { readonly source: TransferSource; readonly claim: Claim } | null {
  const slowest = sources
    .flatMap((source) => {
      const slow = source.table.slowestClaim();
      return slow ? [{ source, ...slow }] : [];
    })
    .sort((a, b) => b.seconds - a.seconds)[0];
  return slowest ?? null;
}
