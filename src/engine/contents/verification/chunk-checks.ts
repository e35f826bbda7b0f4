import { type BlockCheck, checksOf } from '../../../shared/model/block.ts';
import { addRange, type ByteRange, type ByteRanges, totalLength } from '../../../shared/model/byte-range.ts';
import type { Hasher } from '../../integrity/hash-pool.ts';
import { type Chunk, type ChunkTable, isWhole } from '../../transfer/chunk-table.ts';
import type { BlockChecks } from './block-checks.ts';
import { ChunkHashes } from './chunk-hashes.ts';

/** Chunks that are read and compared at the same time after a restart. */
const PARALLEL_CHECKS = 2;
/** A download that ends does not read more than this to check what nobody checked yet: then a pause would take seconds. */
const MAX_CLOSING_BYTES = 512 * 1024 * 1024;

/** What {@link ChunkChecks} works with, and whom it tells. */
export interface ChunkChecksDeps {
  /** The file with the bytes. */
  readonly path: string;
  readonly table: ChunkTable;
  readonly blocks: BlockChecks;
  readonly hasher: Hasher;
  /** A whole chunk has this SHA-256 on the disk. */
  readonly onHashed: (chunk: Chunk, sha256: string) => Promise<void>;
  /** These bytes of a chunk are not on the disk as they came. */
  readonly onDamaged: (chunk: Chunk, ranges: ByteRanges) => void;
  /** There is more to be kept of a chunk. */
  readonly onChange: (chunk: Chunk) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Reads back what was written, chunk by chunk, and tells which blocks are not what came. */
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

  /** More of a chunk is on disk: hashes of it what can be. */
  follow(chunk: Chunk): void {
    this.#hashes.follow(chunk);
  }

  /** Bytes of a chunk are given up. */
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
   * Compares what is here of unfinished chunks with what was recorded of it. To be called before anything is written there.
   * `onBytes` is told how much was read. Rejects as `Hasher.hash` does, and with the reason of `signal`.
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

  /** Checks what nobody checked yet of chunks without a SHA-256. To be called when nothing is written any more. */
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

  /** Hashes every whole chunk that is not checked. */
  checkAll(): void {
    const chunks = this.#deps.table.chunks.filter(isWhole).values();
    for (let lane = 0; lane < PARALLEL_CHECKS; lane += 1) void this.#checkSome(chunks);
  }

  /** Hashes a whole chunk. Never rejects. */
  async check(chunk: Chunk): Promise<void> {
    try {
      const { revision } = chunk;
      const { sha256, checks } = await this.#hashes.digest(chunk);
      if (this.#isClosed || chunk.revision !== revision || !isWhole(chunk)) return;
      // A SHA-256 says more than any CRC.
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
