import { BLOCK_BYTES, blockEnd, cutAtBlocks } from '../../../shared/model/block.ts';
import { addRange, type ByteRange, type ByteRanges, totalLength } from '../../../shared/model/byte-range.ts';
import type { ContentSource } from '../../sources/source.ts';
import { type ChunkPlan, chunkRange } from '../../transfer/chunk-plan.ts';
import { type Chunk, ChunkTable, type Claim, isWhole } from '../../transfer/chunk-table.ts';
import type { TransferItem } from '../../transfer/transfer-item.ts';

/** Dependencies and callbacks of {@link SecondCopy}. */
export interface SecondCopyDeps {
  /** Path in the repository. */
  readonly path: string;
  readonly plan: ChunkPlan;
  readonly source: ContentSource;
  /** True for a part of a chunk that is to be fetched. */
  readonly isWanted: (part: ByteRange) => boolean;
  /** Called when a block, or the part of it that lies in a chunk, is complete. Rejects when the disk cannot take it. */
  readonly onBlock: (part: ByteRange, bytes: Buffer) => Promise<void>;
  /** Called when everything wanted of a chunk has been delivered, or when nothing more is wanted. */
  readonly onProgress: () => void;
  readonly onFetched: (bytes: number) => void;
}

/** A block that is partly received. */
interface Begun {
  readonly bytes: Buffer;
  received: ByteRanges;
}

/**
 * Parts of a content that are downloaded once more to be compared. They use the same attempts as any content, but do
 * not go to disk: a block is assembled in memory, usually one per attempt, and passed on.
 */
export class SecondCopy implements TransferItem {
  readonly path: string;
  readonly size: number;
  readonly source: ContentSource;
  /** Parts that are not wanted count as received. */
  readonly table: ChunkTable;
  readonly #deps: SecondCopyDeps;
  /** Indexes of chunks, in the order in which they are wanted. */
  #waiting: number[] = [];
  /** Keyed by the offset of the part. */
  readonly #begun = new Map<number, Begun>();

  constructor(deps: SecondCopyDeps) {
    this.#deps = deps;
    this.path = deps.path;
    this.size = deps.plan.size;
    this.source = comparedSource(deps.source);
    this.table = new ChunkTable(deps.plan);
    for (const { index, range } of this.table.chunks) {
      this.table.restore(index, [range], { suspect: false, committed: true });
    }
  }

  /**
   * Requests the wanted parts of chunks; returns how many chunks have any. A chunk is opened only when an attempt is
   * ready for it.
   */
  request(chunks: readonly Pick<Chunk, 'index'>[]): number {
    const indexes = chunks.map(({ index }) => index);
    this.#waiting = indexes.filter((index) => this.#wanted(index).length > 0);
    return this.#waiting.length;
  }

  /** Drops what no attempt has begun. */
  dropWaiting(): void {
    this.#waiting = [];
  }

  hasWork(): boolean {
    return this.#waiting.length > 0 || !this.table.isComplete;
  }

  claimNext(from = 0): Claim | null {
    for (;;) {
      const claim = this.table.claimNext(from);
      if (claim) return claim;
      const index = this.#waiting.shift();
      const chunk = index === undefined ? undefined : this.table.chunks[index];
      if (!chunk) break;
      // An open chunk is being fetched already.
      if (isWhole(chunk)) this.table.reopenParts(chunk, this.#wanted(chunk.index));
    }
    if (this.table.isComplete) queueMicrotask(this.#deps.onProgress);
    return null;
  }

  /** Bytes that were not requested are ignored. */
  async compare(): Promise<void> {}

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    const whole: Array<Promise<void>> = [];
    let at = position;
    for (const buffer of buffers) {
      for (let done = 0; done < buffer.length; ) {
        const part = partAt(this.#deps.plan, at);
        const count = Math.min(buffer.length - done, part.end - at);
        const bytes = this.#take(part, buffer.subarray(done, done + count), at);
        if (bytes) whole.push(this.#deps.onBlock(part, bytes));
        done += count;
        at += count;
      }
    }
    await Promise.all(whole);
  }

  written(chunk: Chunk, range: ByteRange): void {
    this.#deps.onFetched(range.end - range.start);
    if (this.table.markReceived(chunk, range)) this.#deps.onProgress();
  }

  #wanted(index: number): ByteRanges {
    return cutAtBlocks(chunkRange(this.#deps.plan, index)).filter(this.#deps.isWanted);
  }

  /** Adds bytes to their block; returns the block's bytes once it is complete. */
  #take(part: ByteRange, bytes: Buffer, at: number): Buffer | null {
    const begun = this.#begun.get(part.start) ?? {
      bytes: Buffer.allocUnsafe(part.end - part.start),
      received: [],
    };
    this.#begun.set(part.start, begun);
    bytes.copy(begun.bytes, at - part.start);
    begun.received = addRange(begun.received, { start: at, end: at + bytes.length });
    if (totalLength(begun.received) < begun.bytes.length) return null;
    this.#begun.delete(part.start);
    return begun.bytes;
  }
}

/** What is only compared is nobody's: the bytes on the disk are those of the first copy. */
function comparedSource(source: ContentSource): ContentSource {
  return {
    get host() {
      return source.host;
    },
    get finderHost() {
      return source.finderHost;
    },
    find: async (range, signal) => {
      const { kind, host, name, fetch } = await source.find(range, signal);
      return { kind, host, name, fetch };
    },
  };
}

/** Returns the part of a block that lies in the same chunk as an offset: the unit that has its own check. */
export function partAt(plan: ChunkPlan, offset: number): ByteRange {
  const chunk = chunkRange(plan, Math.floor(offset / plan.chunkBytes));
  const end = blockEnd(offset);
  return { start: Math.max(chunk.start, end - BLOCK_BYTES), end: Math.min(chunk.end, end) };
}
