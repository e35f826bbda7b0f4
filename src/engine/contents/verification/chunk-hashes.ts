import { BLOCK_BYTES, type BlockCheck, checksOf } from '../../../shared/model/block.ts';
import type { ByteRange } from '../../../shared/model/byte-range.ts';
import type { Hasher, PartStream } from '../../integrity/hash-pool.ts';
import { type Chunk, isWhole } from '../../transfer/chunk-table.ts';

/**
 * An unfinished chunk is hashed in steps of this size: few messages, and the data is still in the processor's cache.
 */
const STEP_BYTES = 4 * 1024 * 1024;

/** The hash of an incomplete chunk, up to `position` in the file. */
interface Begun {
  readonly stream: PartStream;
  readonly checks: BlockCheck[];
  position: number;
  /** The running step; false when it failed. Never rejects. */
  step: Promise<boolean> | null;
}

/** The hashes of a chunk as it is on disk. */
export interface HashedChunk {
  /** In hex. */
  readonly sha256: string;
  /** CRC-32 of each of its blocks. */
  readonly checks: readonly BlockCheck[];
}

/**
 * SHA-256 of chunks, and CRC-32 of their blocks. A chunk that is still being fetched is hashed along with it, so that
 * at its last byte only a tail is left: with many attempts, many chunks end at the same time.
 */
export class ChunkHashes {
  readonly #pool: Hasher;
  readonly #path: string;
  readonly #begun = new Map<Chunk, Begun>();

  constructor(pool: Hasher, path: string) {
    this.#pool = pool;
    this.#path = path;
  }

  /** More of a chunk is on disk. Hashes what it can, when that is worth a step. */
  follow(chunk: Chunk): void {
    const end = prefixEnd(chunk);
    const begun = this.#begun.get(chunk);
    if (begun?.step || isWhole(chunk)) return;
    if (end - (begun?.position ?? chunk.range.start) < STEP_BYTES) return;
    const going = begun ?? this.#begin(chunk);
    if (going) this.#step(chunk, going, end);
  }

  /** Hashes a complete chunk from disk. Rejects as `Hasher.hash` does. */
  async digest(chunk: Chunk): Promise<HashedChunk> {
    const begun = this.#begun.get(chunk);
    this.#begun.delete(chunk);
    // A chunk whose start could not be read is read as a whole, to get the error.
    const isGood = begun !== undefined && (await begun.step) !== false;
    const { stream, checks, position } = isGood ? begun : this.#open(chunk);
    try {
      checks.push(...(await this.#feed(stream, { start: position, end: chunk.range.end })));
      return { sha256: await stream.digest(), checks };
    } catch (error) {
      stream.drop();
      throw error;
    }
  }

  /** Drops the hash of a chunk whose bytes were discarded. */
  forget(chunk: Chunk): void {
    this.#begun.get(chunk)?.stream.drop();
    this.#begun.delete(chunk);
  }

  /** Drops everything. */
  drop(): void {
    for (const chunk of [...this.#begun.keys()]) this.forget(chunk);
  }

  /** Returns null when no thread is available; {@link digest} will report why. */
  #begin(chunk: Chunk): Begun | null {
    try {
      const begun = this.#open(chunk);
      this.#begun.set(chunk, begun);
      return begun;
    } catch {
      return null;
    }
  }

  #open({ range: { start } }: Chunk): Begun {
    return { stream: this.#pool.openPart(), checks: [], position: start, step: null };
  }

  async #feed(stream: PartStream, range: ByteRange): Promise<BlockCheck[]> {
    return checksOf(range, await stream.feed({ path: this.#path, ...range }));
  }

  #step(chunk: Chunk, begun: Begun, end: number): void {
    begun.step = this.#feed(begun.stream, { start: begun.position, end }).then(
      (checks) => {
        begun.checks.push(...checks);
        begun.position = end;
        begun.step = null;
        return true;
      },
      () => {
        begun.stream.drop();
        if (this.#begun.get(chunk) === begun) this.#begun.delete(chunk);
        return false;
      },
    );
  }
}

/** Returns how far a chunk is on disk from its start without a gap, in whole blocks: a block is checked in one step. */
function prefixEnd({ range, received }: Chunk): number {
  const [first] = received;
  const end = first && first.start <= range.start ? first.end : range.start;
  return Math.max(range.start, Math.floor(end / BLOCK_BYTES) * BLOCK_BYTES);
}
