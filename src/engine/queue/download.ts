import type { ErrorData } from '../../shared/contract/errors.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { ProgressEvent } from '../../shared/contract/events.ts';
import type { DownloadState, DownloadStats, DownloadView, FileView } from '../../shared/model/download.ts';
import type { Wait } from '../../shared/model/wait.ts';
import type { PassedCheck } from '../contents/verification/check-file.ts';
import { type DownloadCounters, type DownloadRow, NO_COUNTERS } from '../ledger/downloads.ts';
import type { FileRow } from '../ledger/files.ts';
import { Throughput } from '../transfer/throughput.ts';
import { FileNews } from './file-news.ts';
import { type BlobProgress, fileView } from './file-progress.ts';
import { ACTIVE_STATES, MOVING_STATES, mayFollow } from './state.ts';

/** One file of a download in memory. */
export interface TrackedFile {
  row: FileRow;
  /** Asked whenever numbers are shown. */
  progress: () => BlobProgress;
  /** How it is known that the file is right; null until this run has found out. */
  check: PassedCheck | null;
}

/** A wait with the sentence for logs and `--json`. */
export interface CurrentWait {
  readonly facts: Omit<Wait, 'retryAt' | 'silentMs'>;
  readonly message: string;
  /** Milliseconds since the epoch; null when it goes on by an event and not at a time. */
  readonly retryAtMs: number | null;
}

/** Counters that change while a download runs. */
type Counters = { -readonly [K in keyof DownloadCounters]: DownloadCounters[K] };

/** The numbers of a progress event, as one sum over the files. */
type Sums = {
  receivedBytes: number;
  verifiedBytes: number;
  chunksDone: number;
  chunksTotal: number;
  totalBytes: number;
};

/**
 * States in which numbers may be lower than before: it begins again with what is there, or parts of what is there were found bad.
 */
const MAY_FALL: ReadonlySet<DownloadState> = new Set(['queued', 'resolving', 'repairing']);

/** One download in memory: its row, its files, what it costs, and the numbers that are shown of it. */
export class Download {
  readonly id: string;
  readonly throughput: Throughput;
  readonly counters: Counters;
  row: DownloadRow;
  files: TrackedFile[] = [];
  /** True when the Hub is to be asked again although commit and files are known: they may have changed since it was finished. */
  mustResolve = false;
  streams = 0;
  /** Contents that another download is bringing: hash → id of that download. */
  readonly blockedBy = new Map<string, string>();
  wait: CurrentWait | null = null;
  /** On a clock that never goes back: since when it is active, and when the last byte came. */
  activeSinceMs: number | null = null;
  lastByteMs: number | null = null;
  /** Highest numbers shown since they last were allowed to fall: what is shown does not go back without a reason. */
  #shown = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0 };
  readonly #fileNews = new FileNews();
  readonly #monotonic: () => number;

  constructor(row: DownloadRow, monotonic: () => number) {
    this.id = row.id;
    this.row = row;
    this.throughput = new Throughput(monotonic);
    this.#monotonic = monotonic;
    const { activeMs, downloadedBytes, rescuedBytes, wastedBytes, retries, afterLastByteMs } = row;
    this.counters = { activeMs, downloadedBytes, rescuedBytes, wastedBytes, retries, afterLastByteMs };
  }

  get state(): DownloadState {
    return this.row.state;
  }

  get isActive(): boolean {
    return ACTIVE_STATES.has(this.row.state);
  }

  /**
   * True for a wish that named nothing (a typing error, as a rule): it is told once and not kept. A sign-in page in place of
   * a Hub is no fault of the wish: that error is retryable.
   */
  get isUnresolvable(): boolean {
    const { state, commit, error } = this.row;
    if (state !== 'failed' || commit !== null || error?.retryable) return false;
    return error?.code === 'NotFound' || error?.code === 'BadRequest';
  }

  /** Throws `Internal` for a step that the life cycle does not have. */
  enter(state: DownloadState, reason: string | null, error: ErrorData | null): void {
    if (!mayFollow(this.row.state, state)) {
      throw new AppError('Internal', `A download cannot go from ${this.row.state} to ${state}.`);
    }
    this.row = { ...this.row, state, reason, error };
    if (state !== 'waiting') this.wait = null;
    if (MAY_FALL.has(state)) this.#shown = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0 };
  }

  /** A byte arrived from the network. */
  received(bytes: number): void {
    this.throughput.add(bytes);
    this.counters.downloadedBytes += bytes;
    this.lastByteMs = this.#monotonic();
  }

  /** What is here before this download fetched anything is reused; afterwards it is its own. */
  countReused(): void {
    if (this.counters.downloadedBytes > 0) return;
    this.counters.rescuedBytes = this.files.reduce((sum, file) => sum + file.progress().receivedBytes, 0);
  }

  /** Everything counts anew: a finished download is run again. */
  reset(): void {
    Object.assign(this.counters, NO_COUNTERS);
    this.#shown = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0 };
    this.throughput.reset();
  }

  /** The event about how far it is, with the files that changed since the last one. */
  progress(): Omit<ProgressEvent, 'seq' | 'time'> {
    const files = this.#fileNews.take(this.files);
    return { ...this.numbers(), ...(files.length === 0 ? {} : { files }) };
  }

  /** How far it is, without files. */
  numbers(): Omit<ProgressEvent, 'seq' | 'time' | 'files'> {
    const sums = this.#sums();
    const reason = this.#reason();
    return {
      event: 'progress',
      download: this.id,
      state: this.row.state,
      ...(reason === null ? {} : { reason }),
      ...this.#waiting(),
      ...sums,
      bytesPerSecond: MOVING_STATES.has(this.row.state) ? this.throughput.bytesPerSecond : 0,
      etaSeconds: this.#etaSeconds(sums),
      streams: this.streams,
    };
  }

  view(snapshot: string | null): DownloadView {
    const { id, repo, revision, commit, model, variant, position, error } = this.row;
    const {
      event: _event,
      download: _download,
      reason,
      waitReason,
      wait,
      retryAt,
      ...numbers
    } = this.numbers();
    return {
      id,
      repo,
      revision,
      commit,
      model,
      variant,
      position,
      error,
      ...numbers,
      reason: reason ?? null,
      waitReason: waitReason ?? null,
      wait: wait ?? null,
      retryAt: retryAt ?? null,
      snapshot: this.row.state === 'ready' ? snapshot : null,
      ...this.#recorded(),
      stats: this.stats(),
      files: this.fileViews(),
    };
  }

  fileViews(): FileView[] {
    return this.files.map(({ row, progress }) => fileView(row, progress()));
  }

  stats(): DownloadStats {
    const { activeMs, retries, afterLastByteMs, ...bytes } = this.currentCounters();
    const isWhole = this.row.state === 'ready';
    return {
      seconds: activeMs / 1000,
      ...(isWhole ? balanced(bytes, this.#sums().totalBytes) : bytes),
      retries,
      secondsAfterLastByte: afterLastByteMs / 1000,
    };
  }

  /** The counters with the time of the present run in them. */
  currentCounters(): DownloadCounters {
    const running = this.activeSinceMs === null ? 0 : this.#monotonic() - this.activeSinceMs;
    return { ...this.counters, activeMs: Math.round(this.counters.activeMs + running) };
  }

  #recorded(): { readonly recordedAt?: string } {
    const times = this.files.flatMap(({ check }) => (check?.check === 'recorded' ? [check.checkedAtMs] : []));
    if (times.length === 0 || this.row.state !== 'ready') return {};
    return { recordedAt: new Date(times.reduce((a, b) => Math.min(a, b))).toISOString() };
  }

  #sums(): Sums {
    const sums: Sums = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0, chunksTotal: 0, totalBytes: 0 };
    for (const { row, progress } of this.files) {
      const of = progress();
      sums.totalBytes += row.size;
      sums.receivedBytes += of.receivedBytes;
      sums.verifiedBytes += of.verifiedBytes;
      sums.chunksDone += of.chunksDone;
      sums.chunksTotal += of.chunksTotal;
    }
    const mayFall = MAY_FALL.has(this.row.state);
    for (const key of ['receivedBytes', 'verifiedBytes', 'chunksDone'] as const) {
      if (mayFall) this.#shown[key] = 0;
      sums[key] = this.#shown[key] = Math.max(sums[key], this.#shown[key]);
    }
    return sums;
  }

  #etaSeconds(sums: Sums): number | null {
    if (this.row.state === 'ready') return 0;
    return this.row.state === 'downloading'
      ? this.throughput.etaSeconds(sums.totalBytes - sums.receivedBytes)
      : null;
  }

  #reason(): string | null {
    if (this.wait) return this.wait.message;
    const silentMs = this.#silentMs();
    return silentMs === null ? this.row.reason : `No data for ${Math.floor(silentMs / 1000)} s`;
  }

  #waiting(): Pick<ProgressEvent, 'waitReason' | 'retryAt' | 'wait'> {
    const silentMs = this.#silentMs();
    if (!this.wait) {
      return silentMs === null ? {} : { wait: { reason: 'network', code: 'Stalled', silentMs } };
    }
    const { facts, retryAtMs } = this.wait;
    const retryAt = retryAtMs === null ? {} : { retryAt: new Date(retryAtMs).toISOString() };
    const lastMs = this.throughput.silentMs;
    const silence = facts.reason === 'network' && lastMs !== null ? { silentMs: lastMs } : {};
    return { waitReason: facts.reason, ...retryAt, wait: { ...facts, ...retryAt, ...silence } };
  }

  /** Time in which nothing came, or next to nothing, while connections are open; null while bytes come. */
  #silentMs(): number | null {
    return this.row.state === 'downloading' && this.streams > 0 ? this.throughput.noDataMs : null;
  }
}

type Bytes = Pick<DownloadStats, 'downloadedBytes' | 'rescuedBytes' | 'wastedBytes'>;

/**
 * The balance of a finished download: fetched once + reused = size. A crash loses bytes that were counted as fetched, or the
 * count of bytes that are there; what was fetched beyond the size was fetched again.
 */
function balanced({ downloadedBytes, rescuedBytes, wastedBytes }: Bytes, totalBytes: number): Bytes {
  const reused = Math.min(rescuedBytes, totalBytes);
  const fetched = totalBytes - reused;
  const again = Math.max(wastedBytes, downloadedBytes - fetched);
  return { downloadedBytes: fetched + again, rescuedBytes: reused, wastedBytes: again };
}
