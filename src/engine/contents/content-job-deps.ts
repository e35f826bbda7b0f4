import type { HashAlgorithm } from '../../shared/model/download.ts';
import type { Judgement } from '../../shared/model/judgement.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import type { BlobRow } from '../ledger/blobs.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import type { ContentSource } from '../sources/source.ts';
import type { PieceProver } from '../sources/xet/proof/prover.ts';
import type { TransferScheduler } from '../transfer/scheduler.ts';
import type { Checkpointer } from './checkpointer.ts';

/** What is to be brought to disk. */
export interface ContentSpec {
  /** Path in the repository (the first of them, where several have this content). */
  readonly path: string;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  readonly size: number;
  readonly partialPath: string;
  /** Where second copies of blocks go while a wrong content is compared. */
  readonly copiesPath: string;
  /** The ledger's row. Its chunk size is the one that counts. */
  readonly row: BlobRow;
  /** What the ledger has of its chunks. */
  readonly chunks: readonly CheckedChunkRow[];
  /** True when the partial may hold bytes that the ledger knows nothing of; they are taken over as unverified. */
  readonly hasUnknownBytes: boolean;
  /** Another tool's partial, of which what is missing here is copied; null when there is none. */
  readonly merge: string | null;
}

/** What a job works with, and whom it tells. */
export interface ContentJobDeps {
  readonly hasher: HashPool;
  readonly checkpointer: Checkpointer;
  readonly source: ContentSource;
  /** Asks the Hub what it tells about the pieces of this content; null when it tells nothing. */
  readonly openProver: (signal: AbortSignal) => Promise<PieceProver | null>;
  /** Commits chunk rows; resolves when they are on disk. For corrections that must precede a change of the file. */
  readonly saveRows: (blobId: number, rows: readonly CheckedChunkRow[]) => Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** True while the event loop has time to check what comes before it is written; else only what is read back is checked. */
  readonly mayCheckHere: () => boolean;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** The streams; to be pumped when there is something to fetch again. */
  readonly transfer: Pick<TransferScheduler, 'add' | 'remove' | 'pump'>;
  /** Claims room on the volume of the cache for as many bytes as the function tells; resolves to what gives the claim back. */
  readonly claimRoom: (remainingBytes: () => number) => Promise<() => void>;
  readonly onJudged: (judgement: Judgement) => void;
  readonly onRepaired: (chunk: number, bytes: number) => void;
  /** Bytes of which another copy had been fetched before. */
  readonly onFetchedAgain: (bytes: number) => void;
}
