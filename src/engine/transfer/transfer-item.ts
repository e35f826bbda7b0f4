import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { ContentSource } from '../sources/source.ts';
import type { Chunk, ChunkTable, Claim } from './chunk-table.ts';

/** One content to fetch, as attempts and their scheduler see it. */
export interface TransferItem {
  /** Path in the repository, for messages. */
  readonly path: string;
  readonly size: number;
  readonly table: ChunkTable;
  readonly source: ContentSource;
  /** True while something is left to fetch. */
  hasWork(): boolean;
  /**
   * Claims the next part to fetch at or after an offset (default 0); null when there is none. May reopen a suspected
   * chunk.
   */
  claimNext(from?: number): Claim | null;
  /**
   * Compares received bytes with those that may be on disk already; a chunk that differs is suspected. Rejects when the
   * disk cannot be read.
   */
  compare(bytes: Buffer, position: number): Promise<void>;
  write(buffers: readonly Buffer[], position: number): Promise<void>;
  /** Called when bytes of a chunk have been written to the partial file. */
  written(chunk: Chunk, range: ByteRange): void;
}
