import type { HashAlgorithm } from '../../shared/model/download.ts';
import type { Judgement } from '../../shared/model/judgement.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import type { BlobRow } from '../ledger/blobs.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import type { PieceProofsTable } from '../ledger/piece-proofs.ts';
import type { ContentSource } from '../sources/source.ts';
import type { PieceProver } from '../sources/xet/proof/prover.ts';
import type { TransferScheduler } from '../transfer/scheduler.ts';
import type { Checkpointer } from './checkpointer.ts';

/** The content to be downloaded. */
export interface ContentSpec {
  /** Path in the repository (the first one, if several have this content). */
  readonly path: string;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  readonly size: number;
  readonly partialPath: string;
  /** Path of the second copies of blocks while a wrong content is compared. */
  readonly copiesPath: string;
  /** The ledger's row. Its chunk size takes precedence. */
  readonly row: BlobRow;
  /** The ledger's rows of its chunks. */
  readonly chunks: readonly CheckedChunkRow[];
  /** True when the partial may hold bytes that are not in the ledger; they are adopted as unverified. */
  readonly hasUnknownBytes: boolean;
  /** Another tool's partial, from which missing bytes are copied; null when there is none. */
  readonly merge: string | null;
}

/** Dependencies and callbacks of a job. */
export interface ContentJobDeps {
  readonly hasher: HashPool;
  readonly checkpointer: Checkpointer;
  readonly source: ContentSource;
  /** Asks the Hub for the hashes of this content's pieces; null when it has none. */
  readonly openProver: (signal: AbortSignal) => Promise<PieceProver | null>;
  /** What the Hub's hashes said about pieces of contents. */
  readonly proofs: PieceProofsTable;
  /** Commits chunk rows; resolves when they are on disk. For corrections that must precede a change of the file. */
  readonly saveRows: (blobId: number, rows: readonly CheckedChunkRow[]) => Promise<void>;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /**
   * True while the event loop has time to check bytes before they are written; otherwise only what is read back is
   * checked.
   */
  readonly mayCheckHere: () => boolean;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** The scheduler; pump it when there is something to fetch again. */
  readonly transfer: Pick<TransferScheduler, 'add' | 'remove' | 'pump'>;
  /**
   * Claims space on the cache's volume for the number of bytes the function returns; resolves to a function that
   * releases the claim.
   */
  readonly claimRoom: (remainingBytes: () => number) => Promise<() => void>;
  readonly onJudged: (judgement: Judgement) => void;
  readonly onRepaired: (chunk: number, bytes: number) => void;
  /** Called with bytes of which another copy had been fetched before. */
  readonly onFetchedAgain: (bytes: number) => void;
}
