import {
  addRange,
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
  totalLength,
} from '../../shared/model/byte-range.ts';
import { type ChunkPlan, chunkRange } from './chunk-plan.ts';

/** One chunk of a blob while it is being brought to disk. Offsets count from the beginning of the file. */
export interface Chunk {
  readonly index: number;
  readonly range: ByteRange;
  /** Bytes that are written to the partial file. */
  received: ByteRanges;
  /** SHA-256 in hex: recorded in the ledger, or made from the disk. Null while the chunk is not complete. */
  sha256: string | null;
  /** True once the bytes on disk were hashed in this process and gave `sha256`. */
  checked: boolean;
  /** True once the ledger has exactly this state. */
  committed: boolean;
  /** True when bytes came over a retried, stolen or rescued range: the first to be suspected. */
  suspect: boolean;
  /** Rises each time bytes are given up: a hash that was begun before is of no use. */
  revision: number;
}

/** A part of a chunk that one stream is fetching. Stealing lowers `end` while the stream runs. */
export interface Claim {
  readonly chunk: Chunk;
  readonly start: number;
  end: number;
  /** Next byte that the stream will deliver. */
  position: number;
  /** Measured by the stream's owner; 0 while unknown, next to nothing for a stream that should move and does not. */
  bytesPerSecond: number;
}

/** When a stream's remainder is split: it takes longer than this, and is worth a second request. */
const STEAL = { minSeconds: 2, minBytes: 128 * 1024 };
/** The same of a stream below {@link SLOW_SHARE} of what is usual: others bring its rest in a fraction of the time. */
const STEAL_FROM_SLOW = { minSeconds: 0.5, minBytes: 16 * 1024 };
const SLOW_SHARE = 0.1;

/** Which bytes of one blob are there, which are being fetched, and what to fetch next. */
export class ChunkTable {
  readonly plan: ChunkPlan;
  readonly chunks: readonly Chunk[];
  readonly #claims = new Set<Claim>();
  /** No chunk below this index is open. */
  #lowestOpen = 0;
  #receivedBytes = 0;
  #completeChunks = 0;

  constructor(plan: ChunkPlan) {
    this.plan = plan;
    this.chunks = Array.from({ length: plan.count }, (_, index) => ({
      index,
      range: chunkRange(plan, index),
      received: [],
      sha256: null,
      checked: false,
      committed: false,
      suspect: false,
      revision: 0,
    }));
  }

  /** Bytes on disk. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** True when every byte is on disk (not yet: that every byte is right). */
  get isComplete(): boolean {
    return this.#completeChunks === this.chunks.length;
  }

  get activeClaims(): ReadonlySet<Claim> {
    return this.#claims;
  }

  /** Takes over what is known to be on disk, from the ledger or from a rescued file. */
  restore(
    index: number,
    ranges: ByteRanges,
    facts: { sha256?: string | null; suspect: boolean; committed: boolean },
  ): void {
    const chunk = this.chunks[index];
    if (!chunk) return;
    for (const range of clipRanges(ranges, chunk.range)) this.#add(chunk, range);
    chunk.sha256 = isWhole(chunk) ? (facts.sha256 ?? null) : null;
    chunk.suspect = facts.suspect;
    chunk.committed = facts.committed;
  }

  /**
   * Lowest free chunk first, so that the running file hash keeps up and the file does not fragment. With `from`, the first part
   * at or behind that offset of the file.
   */
  claimNext(from = 0): Claim | null {
    const claims = Map.groupBy(this.#claims, ({ chunk }) => chunk);
    const first = Math.max(this.#lowestOpen, Math.floor(from / this.plan.chunkBytes));
    for (let index = first; index < this.chunks.length; index += 1) {
      const chunk = this.chunks[index] as Chunk;
      if (isWhole(chunk)) {
        if (index === this.#lowestOpen) this.#lowestOpen += 1;
        continue;
      }
      const gaps = missingRanges(covered(chunk, claims.get(chunk) ?? []), chunk.range);
      const gap = gaps.find(({ end }) => end > from);
      if (gap) return this.#claim(chunk, Math.max(gap.start, from), gap.end);
    }
    return null;
  }

  /**
   * The claim whose rest will take longest, in seconds; null when no rest is worth splitting. `usualBytesPerSecond` is what a
   * stream gets on this line; 0 while unknown.
   */
  slowestClaim(usualBytesPerSecond: number): { readonly claim: Claim; readonly seconds: number } | null {
    let slowest: { claim: Claim; seconds: number } | null = null;
    for (const claim of this.#claims) {
      if (claim.bytesPerSecond <= 0) continue;
      const rest = claim.end - claim.position;
      const seconds = rest / claim.bytesPerSecond;
      const isSlow = claim.bytesPerSecond < usualBytesPerSecond * SLOW_SHARE;
      const { minSeconds, minBytes } = isSlow ? STEAL_FROM_SLOW : STEAL;
      if (rest < minBytes || seconds <= minSeconds) continue;
      if (!slowest || seconds > slowest.seconds) slowest = { claim, seconds };
    }
    return slowest;
  }

  /** Gives the unread second half of a claim to another stream, so that the last one is not alone at the end. */
  steal(victim: Claim): Claim {
    const middle = victim.position + Math.ceil((victim.end - victim.position) / 2);
    const stolen = this.#claim(victim.chunk, middle, victim.end);
    victim.end = middle;
    victim.chunk.suspect = true;
    return stolen;
  }

  /** Ends all claims where they are: one stream takes what all of them have left. */
  freeUnread(): void {
    for (const claim of this.#claims) claim.end = claim.position;
  }

  /** Ends a claim; what it did not deliver is open again. */
  release(claim: Claim): void {
    this.#claims.delete(claim);
  }

  /** Bytes were written. Returns true when that made the chunk complete. */
  markReceived(chunk: Chunk, range: ByteRange): boolean {
    const before = isWhole(chunk);
    this.#add(chunk, range);
    chunk.committed = false;
    return !before && isWhole(chunk);
  }

  /** Opens parts of a chunk again, whose bytes are known to be wrong. The rest of it stays. */
  reopenParts(chunk: Chunk, parts: ByteRanges): void {
    const before = totalLength(chunk.received);
    const left = parts.reduce<ByteRanges>(
      (ranges, part) => ranges.flatMap((range) => missingRanges([part], range)),
      chunk.received,
    );
    if (totalLength(left) === before) return;
    if (isWhole(chunk)) this.#completeChunks -= 1;
    this.#receivedBytes -= before - totalLength(left);
    chunk.received = left;
    chunk.revision += 1;
    chunk.sha256 = null;
    chunk.checked = false;
    chunk.committed = false;
    this.#lowestOpen = Math.min(this.#lowestOpen, chunk.index);
  }

  /** The chunks that some ranges touch. */
  chunksAt(ranges: ByteRanges): Chunk[] {
    return this.chunks.filter(({ range }) => clipRanges(ranges, range).length > 0);
  }

  /** As {@link reopenParts} wherever the ranges lie; returns the chunks that they touch. */
  reopenRanges(ranges: ByteRanges): Chunk[] {
    const touched = this.chunksAt(ranges);
    for (const chunk of touched) this.reopenParts(chunk, clipRanges(ranges, chunk.range));
    return touched;
  }

  #claim(chunk: Chunk, start: number, end: number): Claim {
    const claim: Claim = { chunk, start, end, position: start, bytesPerSecond: 0 };
    this.#claims.add(claim);
    return claim;
  }

  #add(chunk: Chunk, range: ByteRange): void {
    const wholeBefore = isWhole(chunk);
    const before = totalLength(chunk.received);
    chunk.received = addRange(chunk.received, range);
    this.#receivedBytes += totalLength(chunk.received) - before;
    if (!wholeBefore && isWhole(chunk)) this.#completeChunks += 1;
  }
}

/** What is on disk or on its way there. After stealing a chunk may have a hole that no stream fills, beside streams. */
function covered(chunk: Chunk, claims: readonly Claim[]): ByteRanges {
  return claims.reduce<ByteRanges>((ranges, claim) => addRange(ranges, claim), chunk.received);
}

/** True when every byte of the chunk is on disk. */
export function isWhole(chunk: Chunk): boolean {
  const [first] = chunk.received;
  return first !== undefined && first.start <= chunk.range.start && first.end >= chunk.range.end;
}
