import type { ChunkTable } from '../../transfer/chunk-table.ts';
import type { ContentJobDeps, ContentSpec } from '../content-job-deps.ts';
import type { PartialFile } from '../partial/partial-file.ts';
import type { BlockChecks } from './block-checks.ts';
import { KeptProofs } from './kept-proofs.ts';
import type { PieceProofDeps } from './piece-proof-deps.ts';
import { PieceProofs } from './piece-proofs.ts';

/** Opens the proofs of a content job, with what earlier runs kept of them. */
export function openProofs(
  { path, row }: Pick<ContentSpec, 'path' | 'row'>,
  {
    file,
    table,
    blocks,
  }: {
    readonly file: PartialFile;
    readonly table: ChunkTable;
    readonly blocks: BlockChecks;
  },
  { hasher, openProver, onJudged, log, now, proofs: records }: ContentJobDeps,
  onBad: PieceProofDeps['onBad'],
): PieceProofs {
  const opened = { file: file.path, table, hasher, log };
  const kept = new KeptProofs({ ...opened, blobId: row.id, blocks, records });
  return new PieceProofs({ ...opened, path, kept, openProver, onBad, onJudged, now });
}
