import type { ByteRanges } from '../../../shared/model/byte-range.ts';
import type { Judgement } from '../../../shared/model/judgement.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { PieceProver } from '../../sources/xet/proof/prover.ts';
import type { ChunkTable } from '../../transfer/chunk-table.ts';
import type { KeptProofs } from './kept-proofs.ts';

/** Dependencies and callbacks of `PieceProofs`. */
export interface PieceProofDeps {
  /** Path in the repository. */
  readonly path: string;
  /** The file with the bytes. */
  readonly file: string;
  readonly table: ChunkTable;
  readonly hasher: Pick<HashPool, 'pieces' | 'hash'>;
  /** What was proved in earlier runs, and where it is kept for later ones. */
  readonly kept: Pick<KeptProofs, 'restore' | 'save' | 'forget' | 'seal'>;
  /** Asks the Hub for the hashes of this content's pieces; null when it has none. */
  readonly openProver: (signal: AbortSignal) => Promise<PieceProver | null>;
  /** Called when these bytes are wrong and must be fetched again; `arrived` when they were received in this run. */
  readonly onBad: (ranges: ByteRanges, arrived: boolean) => void;
  readonly onJudged: (judgement: Judgement) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}
