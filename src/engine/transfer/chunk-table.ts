import {
  addRange,
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
  totalLength,
} from '../../shared/model/byte-range.ts';
import { type ChunkPlan, chunkRange } from './chunk-plan.ts';

/** One chunk of a content that is being downloaded. Offsets count from the start of the file. */
export interface Chunk {
  readonly index: number;
  readonly range: ByteRange;
  /** Bytes written to the partial file. */
  received: ByteRanges;
  /** SHA-256 in hex, from the ledger or from hashing the disk. Null while the chunk is incomplete. */
  sha256: string | null;
  /** True once the bytes on disk were hashed in this process and matched `sha256`. */
  checked: boolean;
  /** True once this exact state is committed to the ledger. */
  committed: boolean;
  /** True when bytes came from a retried, stolen or rescued range, which makes the chunk the first to be suspected. */
  suspect: boolean;
  /** Incremented each time bytes are discarded; a hash started at an earlier revision is void. */
  revision: number;
}

/** The part of a chunk that one attempt is fetching. Work stealing lowers `end` while the attempt runs. */
export interface Claim {
  readonly chunk: Chunk;
  readonly start: number;
  end: number;
  /** Offset of the next byte the attempt will deliver. */
  position: number;
  /**
   * Measured by the attempt's owner: 0 while unknown, close to 0 for an attempt that should be making progress and is
   * not.
   */
  bytesPerSecond: number;
}

/**
 * An attempt's remaining range is split when it would take longer than this and is large enough to justify a second
 * request.
 */
const STEAL = { minSeconds: 2, minBytes: 128 * 1024 };
/**
 * The same thresholds for an attempt below {@link SLOW_SHARE} of the usual speed: others download its remainder in a
 * fraction of the time.
 */
const STEAL_FROM_SLOW = { minSeconds: 0.5, minBytes: 16 * 1024 };
const SLOW_SHARE = 0.1;
/** A smaller request costs more in round trips than it gains by ending where a piece does. */
const MIN_ALIGNED_BYTES = 8 * 1024 * 1024;

/** Tracks which bytes of one content are on disk and which are being fetched, and picks what to fetch next. */
export class ChunkTable {
  readonly plan: ChunkPlan;
  readonly chunks: readonly Chunk[];
  readonly #claims = new Set<Claim>();
  /** Where pieces end that can be checked on their own, ascending. */
  #borders: readonly number[] = [];
  /** Every chunk below this index is complete. */
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

  /** True when every byte is on disk. Says nothing about whether the bytes are correct. */
  get isComplete(): boolean {
    return this.#completeChunks === this.chunks.length;
  }

  get activeClaims(): ReadonlySet<Claim> {
    return this.#claims;
  }

  /** Restores what is already on disk, according to the ledger or to a rescued file. */
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

  /** Makes later claims end where pieces do, unless one of the parts would be small: a piece then takes as few requests as possible. */
  align(borders: readonly number[]): void {
    this.#borders = borders;
  }

  /**
   * Claims the lowest free chunk first, so that the running file hash keeps up and the file does not fragment. With
   * `from`, claims the first free part at or after that file offset.
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
      if (!gap) continue;
      const start = Math.max(gap.start, from);
      return this.#claim(chunk, start, this.#alignedEnd(start, gap.end));
    }
    return null;
  }

  /**
   * Returns the claim whose remainder will take longest, in seconds, or null when no remainder is worth splitting.
   * `usualBytesPerSecond` is the usual speed of one attempt on this link; 0 while unknown.
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

  /**
   * Splits the target's remaining range in half and gives the second half to another attempt, so that the last attempt
   * does not finish alone.
   */
  steal(target: Claim): Claim {
    const middle = target.position + Math.ceil((target.end - target.position) / 2);
    const stolen = this.#claim(target.chunk, middle, target.end);
    target.end = middle;
    target.chunk.suspect = true;
    return stolen;
  }

  /** Ends all claims at their current positions, so that one attempt can take all that they had left. */
  freeUnread(): void {
    for (const claim of this.#claims) claim.end = claim.position;
  }

  /** Ends a claim; the bytes it did not deliver become free again. */
  release(claim: Claim): void {
    this.#claims.delete(claim);
  }

  /** Marks bytes as written. Returns true when they completed the chunk. */
  markReceived(chunk: Chunk, range: ByteRange): boolean {
    const before = isWhole(chunk);
    this.#add(chunk, range);
    chunk.committed = false;
    return !before && isWhole(chunk);
  }

  /** Frees parts of a chunk whose bytes are known to be wrong. The rest of the chunk is kept. */
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

  /** Returns the chunks that overlap the ranges. */
  chunksAt(ranges: ByteRanges): Chunk[] {
    return this.chunks.filter(({ range }) => clipRanges(ranges, range).length > 0);
  }

  /** Does the same as {@link reopenParts} across chunks; returns the chunks the ranges overlap. */
  reopenRanges(ranges: ByteRanges): Chunk[] {
    const touched = this.chunksAt(ranges);
    for (const chunk of touched) this.reopenParts(chunk, clipRanges(ranges, chunk.range));
    return touched;
  }

  /** Returns the last border that leaves a part worth a request on either side, else the end. */
  #alignedEnd(start: number, end: number): number {
    const isUseful = (border: number) =>
      border >= start + MIN_ALIGNED_BYTES && border <= end - MIN_ALIGNED_BYTES;
    return this.#borders.findLast(isUseful) ?? end;
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

/**
 * Returns the bytes that are on disk or being fetched. After a steal, a chunk that still has attempts may also have a
 * hole that none of them fills.
 */
function covered(chunk: Chunk, claims: readonly Claim[]): ByteRanges {
  return claims.reduce<ByteRanges>((ranges, claim) => addRange(ranges, claim), chunk.received);
}

/** True when every byte of the chunk is on disk. */
export function isWhole(chunk: Chunk): boolean {
  const [first] = chunk.received;
  return first !== undefined && first.start <= chunk.range.start && first.end >= chunk.range.end;
}
