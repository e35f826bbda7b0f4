import { type BlockCheck, checksOf } from '../../../shared/model/block.ts';
import { addRange, type ByteRange, type ByteRanges, totalLength } from '../../../shared/model/byte-range.ts';
import type { Hasher } from '../../integrity/hash-pool.ts';
import { type Chunk, type ChunkTable, isWhole } from '../../transfer/chunk-table.ts';
import type { BlockChecks } from './block-checks.ts';
import { ChunkHashes } from './chunk-hashes.ts';

/** Chunks that are read and compared concurrently after a restart. */
const PARALLEL_CHECKS = 2;
/**
 * A download that ends reads no more than this to check what has not been checked: otherwise a pause would take
 * seconds.
 */
const MAX_CLOSING_BYTES = 512 * 1024 * 1024;

/** Dependencies and callbacks of {@link ChunkChecks}. */
export interface ChunkChecksDeps {
  /** The file with the bytes. */
  readonly path: string;
  readonly table: ChunkTable;
  readonly blocks: BlockChecks;
  readonly hasher: Hasher;
  /** Called when a complete chunk has this SHA-256 on disk. */
  readonly onHashed: (chunk: Chunk, sha256: string) => Promise<void>;
  /** Called when the disk does not hold these bytes of a chunk as received. */
  readonly onDamaged: (chunk: Chunk, ranges: ByteRanges) => void;
  /** Called when a chunk has something new to be stored. */
  readonly onChange: (chunk: Chunk) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Reads back what was written, chunk by chunk, and reports the blocks that differ from what was received. */
export class ChunkChecks {
  readonly #blocks: BlockChecks;
  readonly #deps: ChunkChecksDeps;
  readonly #hashes: ChunkHashes;
  #isClosed = false;

  constructor(deps: ChunkChecksDeps) {
    this.#deps = deps;
    this.#blocks = deps.blocks;
    this.#hashes = new ChunkHashes(deps.hasher, deps.path);
  }

  /** More of a chunk is on disk: hashes what it can. */
  follow(chunk: Chunk): void {
    this.#hashes.follow(chunk);
  }

  /** Drops discarded bytes of a chunk. */
  forget(chunk: Chunk, ranges: ByteRanges): void {
    this.#hashes.forget(chunk);
    for (const range of ranges) this.#blocks.forget(range);
  }

  /** Ends all reading. */
  close(): void {
    this.#isClosed = true;
    this.#hashes.drop();
  }

  /**
   * Compares unfinished chunks with what was recorded of them. Call before anything is written to them. `onBytes`
   * receives the number of bytes read. Rejects as `Hasher.hash` does, and with the reason of `signal`.
   */
  async checkUnfinished(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    let readBytes = 0;
    for (const chunk of this.#deps.table.chunks) {
      if (chunk.received.length === 0 || isWhole(chunk)) continue;
      for (const range of covered(this.#blocks.of(chunk))) {
        signal.throwIfAborted();
        const damaged = this.#blocks.differing(await this.#read(range));
        if (damaged.length > 0) this.#deps.onDamaged(chunk, damaged);
        readBytes += range.end - range.start;
        onBytes(readBytes);
      }
    }
  }

  /** Checks what has not been checked yet in chunks without a SHA-256. Call when nothing is written any more. */
  async checkRest(): Promise<void> {
    let leftBytes = MAX_CLOSING_BYTES;
    for (const chunk of this.#deps.table.chunks) {
      if (chunk.sha256 !== null) continue;
      const unchecked = this.#blocks.unchecked(chunk);
      leftBytes -= totalLength(unchecked);
      if (leftBytes < 0) return;
      for (const range of unchecked) this.#blocks.add(await this.#read(range));
      if (unchecked.length > 0) this.#deps.onChange(chunk);
    }
  }

  /** Hashes every complete chunk that is not checked. */
  checkAll(): void {
    const chunks = this.#deps.table.chunks.filter(isWhole).values();
    for (let lane = 0; lane < PARALLEL_CHECKS; lane += 1) void this.#checkSome(chunks);
  }

  /** Hashes a complete chunk. Never rejects. */
  async check(chunk: Chunk): Promise<void> {
    try {
      const { revision } = chunk;
      const { sha256, checks } = await this.#hashes.digest(chunk);
      if (this.#isClosed || chunk.revision !== revision || !isWhole(chunk)) return;
      // A SHA-256 is stronger evidence than any CRC.
      const damaged = chunk.sha256 === sha256 ? [] : this.#blocks.differing(checks);
      if (damaged.length > 0) this.#deps.onDamaged(chunk, damaged);
      else await this.#accept(chunk, sha256, checks);
    } catch (error) {
      this.#deps.onFailed(error);
    }
  }

  async #accept(chunk: Chunk, sha256: string, checks: readonly BlockCheck[]): Promise<void> {
    // Rows of older ledgers have no checks yet.
    const isNews = !this.#blocks.hasAll(checks);
    this.#blocks.add(checks);
    if (isNews) this.#deps.onChange(chunk);
    await this.#deps.onHashed(chunk, sha256);
  }

  async #checkSome(chunks: Iterator<Chunk> & Iterable<Chunk>): Promise<void> {
    for (const chunk of chunks) {
      if (this.#isClosed) return;
      if (isWhole(chunk) && !chunk.checked) await this.check(chunk);
    }
  }

  async #read(range: ByteRange): Promise<BlockCheck[]> {
    const { hasher, path } = this.#deps;
    return checksOf(range, await hasher.blockCrcs({ path, ...range }));
  }
}

function covered(checks: readonly BlockCheck[]): ByteRanges {
  return checks.reduce<ByteRanges>(addRange, []);
}
