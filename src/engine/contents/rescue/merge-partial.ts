import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/contract/errors.ts';
import { type ByteRange, clipRanges, missingRanges } from '../../../shared/model/byte-range.ts';
import { type OpenSource, withSource } from '../../cache/copy-bytes.ts';
import { untilAborted } from '../../coordination/keyed-mutex.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { Chunk, ChunkTable } from '../../transfer/chunk-table.ts';

/** Bytes copied at once: little memory, and a stop is noticed within milliseconds. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Another tool's partial, and ours that already has bytes. */
export interface MergeOptions {
  readonly source: string;
  /** Path of our partial. */
  readonly target: string;
  readonly table: ChunkTable;
  readonly hasher: Pick<HashPool, 'writtenParts'>;
  readonly write: (buffers: readonly Buffer[], position: number) => Promise<void>;
}

/** What was copied from a partial. */
export interface Merged {
  readonly bytes: number;
  readonly chunks: readonly Chunk[];
}

/**
 * Copies from another tool's partial what ours lacks; bytes received before are never overwritten. The copied bytes
 * count as unverified. The source is only read. No attempt may be writing.
 *
 * Fails with `BadRequest` when the source does not exist, is not a regular file, is larger than the content, or is our
 * own partial.
 */
export async function mergePartial(options: MergeOptions, signal: AbortSignal): Promise<Merged> {
  const { source, table, hasher } = options;
  return withSource(source, async (opened) => {
    await requirePrefix(options, opened);
    const present = { start: 0, end: opened.bytes };
    const open = table.chunks
      .map((chunk) => ({ chunk, gaps: clipRanges(missingRanges(chunk.received, chunk.range), present) }))
      .filter(({ gaps }) => gaps.length > 0);
    if (open.length === 0) return { bytes: 0, chunks: [] };
    const parts = await untilAborted(hasher.writtenParts(source, table.plan.size), signal);
    const written = parts.map(([start, end]) => ({ start, end }));
    const chunks: Chunk[] = [];
    let bytes = 0;
    for (const { chunk, gaps } of open) {
      const ranges = gaps.flatMap((gap) => clipRanges(written, gap));
      if (ranges.length === 0) continue;
      for (const range of ranges) bytes += await copy(range, opened, options, signal);
      table.restore(chunk.index, ranges, { suspect: true, committed: false });
      chunks.push(chunk);
    }
    return { bytes, chunks };
  });
}

async function requirePrefix(
  { source, target, table }: MergeOptions,
  { bytes, dev, ino }: OpenSource,
): Promise<void> {
  const { size } = table.plan;
  const ours = await stat(target).catch(() => null);
  const problem =
    ours?.dev === dev && ours.ino === ino
      ? `${source} is this download’s own unfinished file.`
      : bytes > size
        ? `Larger than the file: ${source} has ${bytes} bytes, the file has ${size}. It wasn’t used or changed.`
        : null;
  if (problem !== null) throw new AppError('BadRequest', problem, { details: { path: source } });
}

async function copy(
  { start, end }: ByteRange,
  { handle }: OpenSource,
  { source, write }: MergeOptions,
  signal: AbortSignal,
): Promise<number> {
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) {
      throw new AppError('BadRequest', `${source} became shorter while it was read. It wasn’t changed.`);
    }
    await write([buffer.subarray(0, bytesRead)], at);
    at += bytesRead;
  }
  return end - start;
}
