import { type Chunk, type ChunkTable, isWhole } from '../../transfer/chunk-table.ts';

/** What a fresh copy of a chunk says about the one before. */
export type CopyVerdict =
  /** The copies agree: the chunk was right all along (or wrong on the server). */
  | 'same'
  /** Another content was there; now the right one is, as far as two agreeing copies can tell. */
  | 'replaced'
  /** Two copies differ and a third must decide. */
  | 'undecided';

/**
 * Compares a fresh copy with those before. A chunk that was damaged at rest is replaced by whatever came; of a suspected
 * one, two equal copies must be seen, because either of two different ones may be the bad one.
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

  /** Begins the next round; false when there is nothing left to doubt. */
  begin(): boolean {
    const unconfirmed = this.#table.chunks.filter((chunk) => !this.#confirmed.has(chunk));
    const suspects = unconfirmed.filter((chunk) => chunk.suspect);
    this.#waiting.push(...(suspects.length > 0 ? suspects : unconfirmed));
    return this.#waiting.length > 0;
  }

  /** Opens the next suspected chunk for fetching. */
  openNext(): Chunk | null {
    const chunk = this.#waiting.shift();
    if (!chunk) return null;
    this.#open.add(chunk);
    if (isWhole(chunk)) this.#table.reopen(chunk, 'suspected');
    return chunk;
  }

  /** A chunk is right as far as can be told. */
  settle(chunk: Chunk, replaced: boolean): void {
    if (this.#open.delete(chunk)) {
      this.#confirmed.add(chunk);
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
