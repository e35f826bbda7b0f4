import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { ContentSource } from '../sources/source.ts';
import type { Chunk, ChunkTable, Claim } from './chunk-table.ts';

/** One blob to fetch, as streams and their pool see it. */
export interface TransferItem {
  /** Path in the repository, for messages. */
  readonly path: string;
  readonly size: number;
  readonly table: ChunkTable;
  readonly source: ContentSource;
  /** True while something is left to fetch. */
  hasWork(): boolean;
  /** The next part to fetch at or behind an offset (0 when absent), or null. May open a suspected chunk again. */
  claimNext(from?: number): Claim | null;
  /** Bytes came that may be on disk already. A chunk of which the disk has others is suspected. Rejects when the disk cannot be read. */
  compare(bytes: Buffer, position: number): Promise<void>;
  write(buffers: readonly Buffer[], position: number): Promise<void>;
  /** Bytes of a chunk are in the partial file. */
  written(chunk: Chunk, range: ByteRange): void;
}
