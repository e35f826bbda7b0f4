import { clipRanges, totalLength } from '../../shared/model/byte-range.ts';
import type { FileView } from '../../shared/model/download.ts';
import type { FileRow } from '../ledger/files.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { chunkRange, planChunks } from '../transfer/chunk-plan.ts';

/** How much of one content is on disk. */
export interface BlobProgress {
  readonly receivedBytes: number;
  readonly verifiedBytes: number;
  readonly chunksDone: number;
  readonly chunksTotal: number;
}

/** Returns the progress of a content that is complete, or of one that was not begun. */
export function wholeOrNothing(size: number, chunkBytes: number, whole: boolean): BlobProgress {
  const chunksTotal = planChunks(size, chunkBytes).count;
  const bytes = whole ? size : 0;
  return { receivedBytes: bytes, verifiedBytes: bytes, chunksDone: whole ? chunksTotal : 0, chunksTotal };
}

/** Returns the progress of an installed content, in the chunks it was downloaded in if the ledger has them. */
export function installedProgress(
  ledger: Pick<LedgerReader, 'blobs'>,
  folder: string,
  { hash, size }: Pick<FileRow, 'hash' | 'size'>,
  chunkBytes: number,
): BlobProgress {
  return wholeOrNothing(size, ledger.blobs.find(folder, hash)?.chunkBytes ?? chunkBytes, true);
}

/**
 * Returns the progress recorded in the ledger for a content that nobody is working on, up to the length of its partial.
 */
export function ledgerProgress(
  ledger: Pick<LedgerReader, 'blobs' | 'chunks'>,
  folder: string,
  file: Pick<FileRow, 'hash' | 'size'>,
  chunkBytes: number,
  partialBytes = Number.POSITIVE_INFINITY,
): BlobProgress {
  const row = ledger.blobs.find(folder, file.hash);
  if (!row || row.size !== file.size) return wholeOrNothing(file.size, chunkBytes, false);
  const plan = planChunks(row.size, row.chunkBytes);
  let receivedBytes = 0;
  let verifiedBytes = 0;
  let chunksDone = 0;
  for (const chunk of ledger.chunks.list(row.id)) {
    if (chunk.index >= plan.count) continue; // A damaged ledger may contain anything.
    const range = chunkRange(plan, chunk.index);
    const present = { start: range.start, end: Math.max(range.start, Math.min(range.end, partialBytes)) };
    const bytes = totalLength(clipRanges(chunk.received, present));
    receivedBytes += bytes;
    if (chunk.sha256 === null || bytes !== range.end - range.start) continue;
    verifiedBytes += bytes;
    chunksDone += 1;
  }
  return { receivedBytes, verifiedBytes, chunksDone, chunksTotal: plan.count };
}

/** Returns one file with its progress, for display. */
export function fileView(file: FileRow, progress: BlobProgress): FileView {
  const { path, size, hash, algorithm, installed } = file;
  return { path, size, hash, algorithm, installed, ...progress };
}
