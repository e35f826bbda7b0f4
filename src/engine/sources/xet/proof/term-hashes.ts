import { sameHash } from '../format/hash-text.ts';
import type { ChunkHashes } from '../protocol/chunk-hashes.ts';
import type { Term } from '../protocol/reconstruction.ts';
import type { XetClient } from '../protocol/xet-client.ts';

/**
 * Returns verification hashes by the index of the term. The storage returns them for terms that no window touches, so
 * two requests, with a window at either end of the file, yield all of them. Null when the storage has no such data; a
 * file of one term has none.
 */
export async function termHashes(
  client: XetClient,
  terms: readonly Term[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Uint8Array> | null> {
  const front = await client.chunkHashes([0], signal);
  if (front === null) return null;
  const back = terms.length > 1 ? await client.chunkHashes([client.ref.size - 1], signal) : null;
  const known = new Map<number, Uint8Array>();
  for (const answer of [front, back]) {
    for (const [index, hash] of answer === null ? [] : assigned(answer, terms)) {
      const other = known.get(index);
      if (other && !sameHash(other, hash)) return new Map(); // The answers contradict each other: none is trusted.
      known.set(index, hash);
    }
  }
  return known;
}

/** Assigns the hashes of a response to their terms; returns nothing when their number does not fit. */
function assigned(
  { windows, verification }: ChunkHashes,
  terms: readonly Term[],
): Array<[number, Uint8Array]> {
  const untouched = terms.flatMap(({ start, end }, index) =>
    windows.some((window) => window.start < end && start < window.end) ? [] : [index],
  );
  if (untouched.length !== verification.length) return [];
  return verification.map((hash, at) => [untouched[at] ?? 0, hash]);
}
