import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { SignedUrlCache } from '../sources/http/signed-url-cache.ts';
import type { Chunk, ChunkTable, Claim } from './chunk-table.ts';

/** One blob to fetch, as streams and their pool see it. */
export interface TransferItem {
  /** Path in the repository, for messages. */
  readonly path: string;
  readonly size: number;
  readonly table: ChunkTable;
  readonly location: SignedUrlCache;
  /** True while something is left to fetch. */
  hasWork(): boolean;
  /** The next part to fetch, or null. May open a suspected chunk again. */
  claimNext(): Claim | null;
  write(buffers: readonly Buffer[], position: number): Promise<void>;
  /** Bytes of a chunk are in the partial file. */
  written(chunk: Chunk, range: ByteRange): void;
}
