import type { AddDownload } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { ProgressEvent } from '../../shared/contract/events.ts';
import type { DownloadState, DownloadStats, DownloadView } from '../../shared/model/download.ts';
import type { SourceBytes } from '../../shared/model/transport.ts';
import { type DownloadCounters, type DownloadRow, NO_COUNTERS } from '../ledger/downloads.ts';
import type { SpeedOfAttempt } from '../transfer/source-speeds.ts';
import { Throughput } from '../transfer/throughput.ts';
import { downloadStats, downloadView } from './download-view.ts';
import { FileNews } from './file-news.ts';

import { ShownSums, type Sums } from './shown-sums.ts';
import { type CurrentWait, reasonOf, shownWait } from './shown-wait.ts';
import { SourceTotals } from './source-totals.ts';
import { ACTIVE_STATES, FETCHING_STATES, MAY_FALL, MOVING_STATES, mayFollow } from './state.ts';
import type { TrackedFile } from './tracked-file.ts';

/** Counters that change while a download runs. */
type Counters = { -readonly [K in keyof DownloadCounters]: DownloadCounters[K] };

/** One download in memory: its row, its files, its cost, its displayed numbers. Only its methods change them. */
export class Download {
  readonly id: string;
  readonly throughput: Throughput;
  readonly #counters: Counters;
  readonly #monotonic: () => number;
  /** Contents that another download is fetching: hash → id of that download. */
  readonly #blockedBy = new Map<string, string>();
  #row: DownloadRow;
  #files: readonly TrackedFile[] = [];
  #mustResolve = false;
  #attempts: readonly SpeedOfAttempt[] = [];
  #damagedPieces = 0;
  #wait: CurrentWait | null = null;
  /** On a monotonic clock: when it became active, and when the last byte arrived. */
  #activeSinceMs: number | null = null;
  #lastByteMs: number | null = null;
  readonly #shown = new ShownSums();
  readonly #fileNews = new FileNews();
  readonly #totals = new SourceTotals();

  /** `monotonic` in milliseconds on a monotonic clock. */
  constructor(row: DownloadRow, monotonic: () => number) {
    this.id = row.id;
    this.#row = row;
    this.throughput = new Throughput(monotonic);
    this.#monotonic = monotonic;
    const { activeMs, downloadedBytes, rescuedBytes, wastedBytes, retries, afterLastByteMs } = row;
    this.#counters = { activeMs, downloadedBytes, rescuedBytes, wastedBytes, retries, afterLastByteMs };
  }

  get row(): DownloadRow {
    return this.#row;
  }

  get files(): readonly TrackedFile[] {
    return this.#files;
  }

  /** Its cost up to the end of the last run; see {@link currentCounters}. */
  get counters(): DownloadCounters {
    return this.#counters;
  }

  /** True when the Hub must be asked again although commit and files are known: they may have changed since. */
  get mustResolve(): boolean {
    return this.#mustResolve;
  }

  get wait(): CurrentWait | null {
    return this.#wait;
  }

  /** When it became active, and when the last byte arrived, on a monotonic clock; null if neither. */
  get activeSinceMs(): number | null {
    return this.#activeSinceMs;
  }
  get lastByteMs(): number | null {
    return this.#lastByteMs;
  }

  /** Id of a download that is fetching one of its contents; undefined when none is. */
  get blockedBy(): string | undefined {
    return this.#blockedBy.values().next().value;
  }

  get state(): DownloadState {
    return this.#row.state;
  }

  get isActive(): boolean {
    return ACTIVE_STATES.has(this.#row.state);
  }

  /** True for a request that matched nothing: reported once, not kept. A sign-in page instead of a Hub is retryable. */
  get isUnresolvable(): boolean {
    const { state, commit, error } = this.#row;
    if (state !== 'failed' || commit !== null || error?.retryable) return false;
    return error?.code === 'NotFound' || error?.code === 'BadRequest';
  }

  /** Throws `Internal` for a step that the life cycle does not have. */
  enter(state: DownloadState, reason: string | null, error: ErrorData | null): void {
    if (!mayFollow(this.#row.state, state)) {
      throw new AppError('Internal', `A download cannot go from ${this.#row.state} to ${state}.`);
    }
    this.#row = { ...this.#row, state, reason, error };
    if (state !== 'waiting') this.#wait = null;
    if (MAY_FALL.has(state)) this.#shown.mayFall();
  }

  /** Enters a wait, or updates the current one. Throws as {@link enter} does. */
  waitFor(wait: CurrentWait): void {
    if (this.state !== 'waiting') this.enter('waiting', wait.message, null);
    else this.#row = { ...this.#row, reason: wait.message };
    this.#wait = wait;
  }

  /** Queues it again because it was active when an engine ended; not a step of the life cycle. */
  requeue(): void {
    this.#row = { ...this.#row, state: 'queued', reason: null };
  }

  /** Records its new queue position. */
  moveTo(position: number): void {
    this.#row = { ...this.#row, position };
  }

  /** Sets its options. */
  setOptions(options: AddDownload): void {
    this.#row = { ...this.#row, options };
  }

  /** Prepares a finished download to run again: all counters start over, and the Hub may have to be asked again. */
  renew(mustResolve: boolean): void {
    this.#mustResolve = mustResolve;
    this.#reset();
  }

  /** Lets it be resolved at another commit; its cost so far is kept. */
  resolveAnew(): void {
    this.#mustResolve = true;
  }

  /** Pins the commit reported by the Hub. */
  resolved(commit: string): void {
    this.#mustResolve = false;
    this.#row = { ...this.#row, commit };
  }

  /** Sets its files, with what is on disk of them. */
  track(files: readonly TrackedFile[]): void {
    this.#files = files;
  }

  /** Begins a run. */
  begin(): void {
    this.#activeSinceMs = this.#monotonic();
    this.#lastByteMs = null;
  }

  /** Records that every file is installed under its name. */
  countAfterLastByte(): void {
    if (this.#lastByteMs === null) return;
    this.#counters.afterLastByteMs = Math.round(this.#monotonic() - this.#lastByteMs);
  }

  /** Ends a run. */
  settle(): void {
    this.#counters.activeMs = this.currentCounters().activeMs;
    this.#activeSinceMs = null;
    this.#attempts = [];
  }

  /** Sets the open connections. */
  setAttempts(attempts: readonly SpeedOfAttempt[]): void {
    this.#attempts = attempts;
  }

  /** Records that another download is fetching one of its contents; null when that is over. */
  setBlocked(hash: string, by: string | null): void {
    if (by === null) this.#blockedBy.delete(hash);
    else this.#blockedBy.set(hash, by);
  }

  /** Records bytes from the network. */
  received(bytes: number, from: SpeedOfAttempt): void {
    this.throughput.add(bytes);
    this.#totals.add(bytes, from);
    this.#counters.downloadedBytes += bytes;
    this.#lastByteMs = this.#monotonic();
  }

  /** Counts bytes that are fetched a second time, or that nobody needs. */
  countWasted(bytes: number): void {
    this.#counters.wastedBytes += bytes;
  }

  /** Counts pieces that arrived different from the Hub's. @returns their number in this run so far */
  countDamaged(pieces: number): number {
    this.#damagedPieces += pieces;
    return this.#damagedPieces;
  }

  countRetry(): void {
    this.#counters.retries += 1;
  }

  /** Counts bytes copied from elsewhere on this disk. */
  countRescued(bytes: number): void {
    this.#counters.rescuedBytes += bytes;
  }

  /** Counts what was on disk before this download fetched anything as reused; later bytes are its own. */
  countReused(): void {
    if (this.#counters.downloadedBytes > 0) return;
    this.#counters.rescuedBytes = this.#files.reduce((sum, file) => sum + file.progress().receivedBytes, 0);
  }

  #reset(): void {
    Object.assign(this.#counters, NO_COUNTERS);
    this.#shown.mayFall();
    this.throughput.reset();
    this.#totals.reset();
  }

  /** Returns the progress event, with the files that changed since the last one. */
  progress(): Omit<ProgressEvent, 'seq' | 'time'> {
    const files = this.#fileNews.take(this.#files);
    return { ...this.numbers(), ...(files.length === 0 ? {} : { files }) };
  }

  /** Returns the progress without files. */
  numbers(): Omit<ProgressEvent, 'seq' | 'time' | 'files'> {
    const sums = this.#sums();
    const silentMs = this.#silentMs();
    const reason = reasonOf(this.#wait, this.#row.reason, silentMs);
    const bytesPerSecond = MOVING_STATES.has(this.#row.state) ? this.throughput.bytesPerSecond : 0;
    return {
      event: 'progress',
      download: this.id,
      state: this.#row.state,
      ...(reason === null ? {} : { reason }),
      ...shownWait(this.#wait, silentMs, this.throughput.silentMs),
      ...sums,
      bytesPerSecond,
      etaSeconds: this.#etaSeconds(sums),
      streams: this.#attempts.length,
      ...this.#sources(bytesPerSecond),
    };
  }

  /** Returns its public view. `snapshot` is its folder, which is shown once it is ready. */
  view(snapshot: string | null): DownloadView {
    const [numbers, stats] = [this.numbers(), this.stats()];
    return downloadView({ row: this.#row, files: this.#files, numbers, stats }, snapshot);
  }

  stats(): DownloadStats {
    const isWhole = this.#row.state === 'ready';
    return downloadStats(this.currentCounters(), isWhole ? this.#sums().totalBytes : null);
  }

  /** Bytes by source, in this run of the engine. */
  get broughtBy(): readonly SourceBytes[] {
    return this.#totals.list();
  }

  /** Returns the counters including the time of the current run. */
  currentCounters(): DownloadCounters {
    const running = this.#activeSinceMs === null ? 0 : this.#monotonic() - this.#activeSinceMs;
    return { ...this.#counters, activeMs: Math.round(this.#counters.activeMs + running) };
  }

  #sums(): Sums {
    return this.#shown.of(this.#files, this.#row.state);
  }

  #sources(bytesPerSecond: number): Pick<ProgressEvent, 'sources'> {
    const sources = this.#totals.now(this.#attempts, bytesPerSecond);
    return sources.length === 0 ? {} : { sources };
  }

  #etaSeconds(sums: Sums): number | null {
    const { state } = this.#row;
    if (state === 'ready') return 0;
    // A content that is compared is all on disk; how soon the wrong block is found is unknown.
    if (state === 'repairing' && sums.receivedBytes >= sums.totalBytes) return null;
    return FETCHING_STATES.has(state)
      ? this.throughput.etaSeconds(sums.totalBytes - sums.receivedBytes)
      : null;
  }

  /** Time without data, or almost without, while connections are open; null while bytes arrive. */
  #silentMs(): number | null {
    return this.#row.state === 'downloading' && this.#attempts.length > 0 ? this.throughput.noDataMs : null;
  }
}
