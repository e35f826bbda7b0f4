import { open } from 'node:fs/promises';
import { type ByteRange, clipRanges, missingRanges, totalLength } from '../../../shared/model/byte-range.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import { CUT_RULES } from '../../sources/xet/kernel/limits.ts';
import type { Term } from '../../sources/xet/protocol/reconstruction.ts';
import type { XetClient } from '../../sources/xet/protocol/xet-client.ts';
import type { ContentJob } from '../content-job.ts';
import type { ContentTask } from '../content-task.ts';
import type { DownloadContext } from '../context.ts';
import { type Copy, KnownChunks } from './known-chunks.ts';
import { MIN_SIMILAR_BYTES, type SimilarFile, similarFiles } from './similar-files.ts';

/** Bytes copied at once: little memory, and a stop is noticed within milliseconds. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Dependencies of {@link reuseChunks}. */
export interface ReuseDeps {
  readonly task: ContentTask;
  readonly job: ContentJob;
  readonly context: DownloadContext;
  /** Requests to Xet storage about the content; null when it is not there. */
  readonly openXetClient: (signal: AbortSignal) => Promise<XetClient | null>;
}

/**
 * Copies what other files in the cache have of a content, where the Hub reports both to be made of the same chunks of
 * the same xorbs. Copied bytes count as unverified, so they are checked with everything else on disk. Returns the
 * number of bytes; whatever goes wrong, the rest is fetched as usual. Rejects only when `signal` is aborted and when
 * the disk fails.
 */
export async function reuseChunks(deps: ReuseDeps, signal: AbortSignal): Promise<number> {
  const { task, job, context } = deps;
  const [{ path, size, algorithm }] = task.files;
  if (algorithm !== 'sha256' || missingBytes(job) < MIN_SIMILAR_BYTES) return 0;
  const { repo, commit, cacheDir } = task;
  const copies = await planCopies({ repo, commit, path, size, cacheDir }, deps, signal).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      context.log('info', `What other files have of ${path} is not used: ${reason}`);
      return [];
    },
  );
  let bytes = 0;
  for (const copy of copies) bytes += await take(copy, job, signal);
  return bytes;
}

async function planCopies(
  wanted: Parameters<typeof similarFiles>[0],
  { context, openXetClient }: ReuseDeps,
  signal: AbortSignal,
): Promise<readonly Copy[]> {
  const similar = await similarFiles(wanted, signal);
  const client = similar.length > 0 ? await openXetClient(signal) : null;
  const plan = await client?.reconstruction(signal);
  if (!plan) return [];
  const known = new KnownChunks();
  let copies: readonly Copy[] = [];
  for (const file of similar) {
    await learn(file, plan.terms, known, context, signal);
    copies = plan.terms.flatMap((term) => known.copiesFor(term));
    if (totalBytes(copies) === wanted.size) break; // Nothing is left to request.
  }
  return copies;
}

const totalBytes = (copies: readonly Copy[]): number => copies.reduce((sum, { bytes }) => sum + bytes, 0);

/** Records where a file has chunks of these terms. A file that the Hub does not describe has none. */
async function learn(
  similar: SimilarFile,
  wanted: readonly Term[],
  known: KnownChunks,
  { hub, hasher, xetClient, log }: DownloadContext,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { xet, size } = await hub.locate(similar, signal);
    if (xet === null || size !== similar.size) return;
    const plan = await xetClient(similar, similar.size, xet).reconstruction(signal);
    for (const term of plan?.terms ?? []) {
      if (!wanted.some((each) => overlaps(each, term))) continue;
      const lengths = await chunkLengths(similar.file, term, hasher);
      if (lengths) known.add(similar.file, term, lengths);
    }
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    log('info', `${similar.path} of ${similar.repo} is not looked at: ${reason}`);
  }
}

const overlaps = (a: Term, b: Term): boolean =>
  a.xorb === b.xorb && a.chunkStart < b.chunkEnd && b.chunkStart < a.chunkEnd;

/**
 * Uses the chunking rule that yields as many chunks as the term has; returns null when none does: then the file is not
 * what the Hub has.
 */
async function chunkLengths(
  path: string,
  { start, end, chunkStart, chunkEnd }: Term,
  hasher: Pick<HashPool, 'pieces'>,
): Promise<Uint32Array | null> {
  for (const rule of CUT_RULES) {
    const { lengths } = await hasher.pieces({ path, start, end }, { rule, borders: [] });
    if (lengths.length === chunkEnd - chunkStart) return lengths;
  }
  return null;
}

const missingOf = ({ table }: ContentJob, within: ByteRange): readonly ByteRange[] =>
  table.chunks.flatMap(({ received, range }) => clipRanges(missingRanges(received, range), within));

const missingBytes = (job: ContentJob): number => totalLength(missingOf(job, { start: 0, end: job.size }));

/**
 * Copies the missing bytes of a part; existing bytes are never overwritten. A file that is gone or cannot be read
 * yields nothing more.
 */
async function take({ path, from, to, bytes }: Copy, job: ContentJob, signal: AbortSignal): Promise<number> {
  const gaps = missingOf(job, { start: to, end: to + bytes });
  const source = gaps.length > 0 ? await open(path).catch(() => null) : null;
  if (source === null) return 0;
  let taken = 0;
  try {
    for (const { start, end } of gaps) {
      for (let at = start; at < end; ) {
        signal.throwIfAborted();
        const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - at));
        const { bytesRead } = await source
          .read(buffer, 0, buffer.length, at - to + from)
          .catch(() => ({ bytesRead: 0 }));
        if (bytesRead === 0) return taken;
        await job.write([buffer.subarray(0, bytesRead)], at);
        job.took({ start: at, end: at + bytesRead });
        at += bytesRead;
        taken += bytesRead;
      }
    }
    return taken;
  } finally {
    await source.close();
  }
}
