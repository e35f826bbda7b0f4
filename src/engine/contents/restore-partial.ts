import { untilAborted } from '../coordination/keyed-mutex.ts';
import type { Chunk, ChunkTable } from '../transfer/chunk-table.ts';
import { rowOf } from './changed-chunks.ts';
import type { ContentJobDeps, ContentSpec } from './content-job-deps.ts';
import type { PartialFile } from './partial/partial-file.ts';
import { mergePartial } from './rescue/merge-partial.ts';
import { restoreFromLedger, restoreUnknown } from './restore-chunks.ts';
import type { BlockChecks } from './verification/block-checks.ts';

/** The state of a content that is being opened. */
interface Opened {
  readonly file: PartialFile;
  readonly table: ChunkTable;
  readonly blocks: BlockChecks;
}

/** What was found on disk that was not in the ledger. */
export interface Restored {
  /** Chunks that got bytes. */
  readonly chunks: readonly Chunk[];
  /** Bytes copied from another tool's partial. */
  readonly mergedBytes: number;
}

/**
 * Fills the table with what is on disk: what the ledger has, otherwise what the file shows, and another tool's partial.
 */
export async function restorePartial(
  spec: ContentSpec,
  opened: Opened,
  deps: Pick<ContentJobDeps, 'hasher' | 'saveRows'>,
  signal: AbortSignal,
): Promise<Restored> {
  const { file, table } = opened;
  const chunks: Chunk[] = [];
  if (spec.chunks.length > 0) await fromLedger(spec, opened, deps);
  else if (spec.hasUnknownBytes && file.lengthAtOpen > 0) {
    const parts = await untilAborted(deps.hasher.writtenParts(file.path, spec.size), signal);
    chunks.push(...restoreUnknown(table, parts));
  }
  await file.setLength(spec.size);
  if (spec.merge === null) return { chunks, mergedBytes: 0 };
  const write = (buffers: readonly Buffer[], at: number) => file.write(buffers, at);
  const options = { source: spec.merge, target: file.path, table, write, hasher: deps.hasher };
  const merged = await mergePartial(options, signal);
  return { chunks: [...chunks, ...merged.chunks], mergedBytes: merged.bytes };
}

/**
 * The ledger is corrected before the file gets its full length: after that, only the ledger records what is missing.
 */
async function fromLedger(
  spec: ContentSpec,
  { file, table, blocks }: Opened,
  { saveRows }: Pick<ContentJobDeps, 'saveRows'>,
): Promise<void> {
  const corrected = restoreFromLedger(table, spec.chunks, file.lengthAtOpen);
  for (const { index, checks } of spec.chunks) blocks.restore(index, checks);
  if (corrected.length === 0) return;
  const rows = corrected.map((chunk) => rowOf(chunk, blocks.of(chunk)));
  await saveRows(spec.row.id, rows);
}
