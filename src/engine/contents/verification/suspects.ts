import { type Chunk, type ChunkTable, isWhole } from '../../transfer/chunk-table.ts';

/** What a fresh copy of a chunk says about the one before. */
export type CopyVerdict =
  /** The copies agree: the chunk was right all along (or wrong on the server). */
  | 'same'
  /** Another content was there; now the right one is, as far as two agreeing copies can tell. */
  | 'replaced'
  /** The copies differ: the hash of the file decides, and if it cannot, another copy. */
  | 'undecided';

/**
 * Compares a fresh copy with those before. A chunk that was damaged at rest is replaced by whatever came; of a suspected
 * one, either of two different copies may be the bad one.
 */
export function compareCopies(chunk: Chunk, digest: string): CopyVerdict {
  if (chunk.refetch === 'damaged') return 'replaced';
  const [first] = chunk.earlierHashes;
  if (first === digest) return 'same';
  return chunk.earlierHashes.includes(digest) ? 'replaced' : 'undecided';
}

/** So often the file is hashed as soon as a bad chunk was replaced; after that, all chunks are compared first. */
const MAX_SHORT_ROUNDS = 3;

/**
 * Which chunks are suspected after the file hash came out wrong: first those that came over a troubled way, then all
 * others. A chunk is opened only when a stream is ready to fetch it, so that what may be good stays counted and safe.
 */
export class Suspects {
  readonly #table: ChunkTable;
  readonly #waiting: Chunk[] = [];
  readonly #open = new Set<Chunk>();
  /** Chunks of which two equal copies were seen. */
  readonly #confirmed = new Set<Chunk>();
  /** Chunks of which two different copies were seen, with the hashes of the earlier ones. The newest is on disk. */
  readonly #disputed = new Map<Chunk, readonly string[]>();
  #replaced = false;
  /** Rounds that ended with the first bad chunk. */
  #shortRounds = 0;

  constructor(table: ChunkTable) {
    this.#table = table;
  }

  /** True while chunks are compared. */
  get isActive(): boolean {
    return this.#waiting.length > 0 || this.#open.size > 0;
  }

  /** Chunks that are still to be compared. */
  get count(): number {
    return this.#waiting.length + this.#open.size;
  }

  /** True when a chunk waits for a stream. */
  hasNext(): boolean {
    return this.#waiting.length > 0;
  }

  /** Chunks whose newest copy is on disk although an earlier one was different. */
  get disputed(): Iterable<Chunk> {
    return this.#disputed.keys();
  }

  isDisputed(chunk: Chunk): boolean {
    return this.#disputed.has(chunk);
  }

  /**
   * Begins the next round: suspects first, then what was not compared yet, then another copy of what differed. False when there is
   * nothing left to doubt.
   */
  begin(): boolean {
    const open = this.#table.chunks.filter(
      (chunk) => !this.#confirmed.has(chunk) && !this.#disputed.has(chunk),
    );
    const suspects = open.filter((chunk) => chunk.suspect);
    const next = suspects.length > 0 ? suspects : open.length > 0 ? open : this.#disputed.keys();
    this.#waiting.push(...next);
    return this.#waiting.length > 0;
  }

  /** Opens the next suspected chunk for fetching. */
  openNext(): Chunk | null {
    const chunk = this.#waiting.shift();
    if (!chunk) return null;
    this.#open.add(chunk);
    chunk.earlierHashes = this.#disputed.get(chunk) ?? chunk.earlierHashes;
    if (isWhole(chunk)) this.#table.reopen(chunk, 'suspected');
    return chunk;
  }

  /**
   * A second copy of a chunk differs from the first. It is tried at once: one of the two is right as a rule, and the hash of the file
   * tells which without another fetch.
   */
  dispute(chunk: Chunk): void {
    this.#disputed.set(chunk, chunk.earlierHashes);
    if (this.#open.delete(chunk)) this.#foundBad();
    chunk.refetch = null;
    chunk.earlierHashes = [];
  }

  /** A chunk is right as far as can be told. */
  settle(chunk: Chunk, replaced: boolean): void {
    if (this.#open.delete(chunk)) {
      this.#confirmed.add(chunk);
      this.#disputed.delete(chunk);
      if (replaced) this.#foundBad();
    }
    chunk.refetch = null;
    chunk.earlierHashes = [];
  }

  /** One bad chunk is often the only one: the file is hashed before the rest is compared, but not for ever. */
  #foundBad(): void {
    this.#replaced = true;
    this.#shortRounds += 1;
    if (this.#shortRounds <= MAX_SHORT_ROUNDS) this.#waiting.length = 0;
  }

  /** True once after something was replaced: hashing the file again may give another result. */
  takeReplaced(): boolean {
    const replaced = this.#replaced;
    this.#replaced = false;
    return replaced;
  }
}
