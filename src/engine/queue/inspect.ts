import { realpath } from 'node:fs/promises';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { addRange, type ByteRanges } from '../../shared/model/byte-range.ts';
import type { DownloadInspection, FileInspection, StreamView } from '../../shared/model/inspection.ts';
import { blobPath, repositoryFolder, snapshotFile } from '../cache/layout.ts';
import type { ContentJob } from '../contents/content-job.ts';
import type { DownloadRow } from '../ledger/downloads.ts';
import type { FileRow } from '../ledger/files.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { ProofRow } from '../ledger/piece-proofs.ts';
import { DEFAULT_CHUNK_BYTES, planChunks } from '../transfer/chunk-plan.ts';
import { dividedSpeed } from '../transfer/connection-shares.ts';
import type { AttemptFacts } from '../transfer/range-attempt.ts';
import type { Transfer } from './acquire-contents.ts';
import { type ChunkHistory, chunkHistory, liveStates, runsOf, storedStates } from './chunk-map.ts';

/** Number of events that are shown. */
const EVENTS_SHOWN = 200;

type Ledger = Pick<LedgerReader, 'blobs' | 'chunks' | 'checks' | 'proofs' | 'events'>;

/** What the inspector shows besides the moving parts. */
export interface Inspected {
  readonly row: DownloadRow;
  readonly files: ReadonlyArray<{ readonly row: FileRow }>;
}

/**
 * Returns everything the inspector shows. `bytesPerSecond` is the speed of the whole download; `transfer` is null for a
 * download that does not run in this engine: then the ledger is used. Lists of files are left out of events because the
 * result contains them already.
 */
export async function inspect(
  { row, files }: Inspected,
  transfer: Transfer | null,
  ledger: Ledger,
  bytesPerSecond = 0,
): Promise<DownloadInspection> {
  const cacheDir = await realpath(row.cacheDir).catch(() => row.cacheDir);
  const events = ledger.events.latest(row.id, EVENTS_SHOWN);
  const jobs = new Map([...(transfer?.jobs ?? [])].map((job) => [job.spec.hash, job]));
  return {
    id: row.id,
    commit: row.commit,
    files: files.map(({ row: file }) => {
      const history = chunkHistory(events, file.path);
      const job = jobs.get(file.hash);
      return job ? liveFile(file, job, history) : storedFile(row, cacheDir, file, history, ledger);
    }),
    streams: streamViews([...(transfer?.pool.streams ?? [])], bytesPerSecond),
    events: events.map(withoutFiles),
  };
}

function liveFile(
  { path, size, algorithm, hash }: FileRow,
  job: ContentJob,
  history: ChunkHistory,
): FileInspection {
  return {
    path,
    size,
    algorithm,
    expectedHash: hash,
    foundHash: job.fileHash.found,
    hashedBytes: job.fileHash.hashedBytes,
    chunkSizeBytes: job.spec.row.chunkBytes,
    chunkRuns: runsOf(liveStates(job, job.rescue.chunks, history)),
    ...(job.source.transport === undefined ? {} : { transport: job.source.transport }),
  };
}

function storedFile(
  row: DownloadRow,
  realCacheDir: string,
  file: FileRow,
  history: ChunkHistory,
  ledger: Ledger,
): FileInspection {
  const { path, size, algorithm, hash, installed } = file;
  const folder = repositoryFolder(row.cacheDir, row.repo);
  const blob = ledger.blobs.find(folder, hash);
  const known = blob?.size === size ? blob : null;
  const chunkSizeBytes = known?.chunkBytes ?? row.options.chunkSizeBytes ?? DEFAULT_CHUNK_BYTES;
  const plan = planChunks(size, chunkSizeBytes);
  const { count } = plan;
  const all = Array.from({ length: count }, (_, index) => ({ index, hashed: true, begun: true }));
  const marks = installed ? all : known ? ledger.chunks.marks(known.id) : [];
  const proved = known ? provedParts(ledger.proofs.list(known.id)) : [];
  const isRight = installed && wasRight({ ...row, cacheDir: realCacheDir }, file, ledger);
  return {
    path,
    size,
    algorithm,
    expectedHash: hash,
    foundHash: isRight ? hash : null,
    hashedBytes: isRight ? size : 0,
    chunkSizeBytes,
    chunkRuns: runsOf(storedStates(plan, marks, proved, history)),
  };
}

function provedParts(rows: readonly ProofRow[]): ByteRanges {
  return rows.filter(({ bad }) => bad.length === 0).reduce<ByteRanges>(addRange, []);
}

/** Returns whether the file was correct when it was last hashed; does not check whether it is still the same file. */
function wasRight(
  { cacheDir, repo, commit }: DownloadRow,
  { path, hash }: FileRow,
  { checks }: Ledger,
): boolean {
  const places = [
    blobPath(cacheDir, repo, hash),
    ...(commit === null ? [] : [snapshotFile(cacheDir, repo, commit, path)]),
  ];
  return places.map(checks.find).some((check) => check?.ok === true && check.hash === hash);
}

/** The speeds add up to that of the download. */
function streamViews(attempts: readonly AttemptFacts[], bytesPerSecond: number): StreamView[] {
  const speeds = dividedSpeed(
    bytesPerSecond,
    attempts.map(({ share }) => share.recentBytes),
  );
  return attempts.map((attempt, index) => streamView(attempt, speeds[index] ?? 0));
}

function streamView(
  { item, claim, host, kind, name, deliveredBytes, silentMs }: AttemptFacts,
  bytesPerSecond: number,
): StreamView {
  return {
    host,
    ...(kind === null ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    path: item.path,
    chunk: claim.chunk.index,
    bytesPerSecond,
    receivedBytes: deliveredBytes,
    silentSeconds: Math.max(0, Math.floor(silentMs / 1000)),
  };
}

function withoutFiles(event: EngineEvent): EngineEvent {
  return event.event === 'resolved' || event.event === 'done' ? { ...event, files: [] } : event;
}
