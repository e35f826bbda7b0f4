import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import { prepareRepository } from '../cache/prepare.ts';
import { classify } from '../http/classify.ts';
import { SILENCE_MS } from '../transfer/throughput.ts';
import type { DownloadContext } from './context.ts';
import { requireReserve, requireRoom } from './disk-guard.ts';
import type { Download, Wait } from './download.ts';
import { type Run, runDownload } from './run-download.ts';
import { ACTIVE_STATES } from './state.ts';
import { isDiskWait, waitReasonOf } from './wait-reason.ts';
import { waitUntil } from './wait-until.ts';

/** How often the room on the volume is looked at while bytes come. */
const ROOM_CHECK_MS = 5000;
/** How often the `verifying` heartbeat comes. */
const HEARTBEAT_MS = 1000;

/** Why a run was ended from outside. */
export type StopReason = 'pause' | 'cancel' | 'shutdown';

/**
 * Keeps one download going until it is ready, fails, or is stopped: runs it, waits where the disk must mend first, and runs
 * it again. Turns what the run's parts know into the state and the numbers that are shown.
 */
export class Runner {
  readonly download: Download;
  readonly #context: DownloadContext;
  readonly #variant: CatalogVariant | null;
  readonly #repairHashes: ReadonlySet<string>;
  readonly #stop = new AbortController();
  /** Resolves when the runner has ended; never rejects. */
  readonly ended: Promise<void>;
  #run: Run | null = null;
  #stopReason: StopReason | null = null;
  #lastProgressMs: number;
  #lastReceived = 0;
  #lastError: AppError | null = null;
  #roomCheckedMs = 0;
  #heartbeatMs = Number.NEGATIVE_INFINITY;

  constructor(
    download: Download,
    variant: CatalogVariant | null,
    repairHashes: ReadonlySet<string>,
    context: DownloadContext,
  ) {
    this.download = download;
    this.#context = context;
    this.#variant = variant;
    this.#repairHashes = repairHashes;
    this.#lastProgressMs = context.clock.monotonic();
    download.activeSinceMs = this.#lastProgressMs;
    this.ended = this.#keepGoing();
  }

  /** Ends the run; resolves when everything that had arrived is safe. */
  async stop(reason: StopReason): Promise<void> {
    this.#stopReason ??= reason;
    this.#stop.abort(new AppError('Cancelled', 'The download was stopped.'));
    await this.ended;
  }

  /** Ends every wait for the network. */
  retryNow(): void {
    this.#run?.pool.retryNow();
  }

  /** To be called a few times a second: keeps state, heartbeat and limits up to date. */
  tick(): void {
    const { download } = this;
    download.throughput.sample();
    if (this.#run) this.#observe(this.#run);
    this.#checkProgress();
    this.#checkRoom();
  }

  async #keepGoing(): Promise<void> {
    try {
      while (!(await this.#once())) {
        // Each round ends in ready, or in a wait after which it is tried again.
      }
    } catch (error) {
      this.#end(classify(error));
    }
    const { download } = this;
    Object.assign(download.counters, { activeMs: download.currentCounters().activeMs });
    download.activeSinceMs = null;
    download.streams = 0;
    this.#context.ledger.downloads.setCounters(download.id, download.counters);
  }

  /** One run. True when the download is ready; false when the disk was waited for. */
  async #once(): Promise<boolean> {
    const signal = this.#stop.signal;
    try {
      const options = {
        variant: this.#variant,
        repairHashes: this.#repairHashes,
        enter: (state: DownloadState, reason: string | null = null) => this.#enter(state, reason),
        showWait: (wait: Wait) => this.#showWait(wait),
      };
      await runDownload(this.download, options, this.#context, signal, (run) => {
        this.#run = run;
      });
      return true;
    } catch (error) {
      signal.throwIfAborted();
      const failure = classify(error, { disk: this.download.row.cacheDir });
      if (!isDiskWait(failure)) throw failure;
      this.#lastError = failure;
      this.#showWait({ reason: waitReasonOf(failure), message: failure.message, retryAtMs: null });
      await waitUntil(() => this.#diskMended(failure), signal);
      return false;
    } finally {
      this.#run = null;
    }
  }

  async #diskMended(failure: AppError): Promise<void> {
    const { cacheDir, repo } = this.download.row;
    await prepareRepository({ cacheDir, repo });
    const { totalBytes, receivedBytes } = this.download.progress();
    if (failure.code === 'DiskFull') await requireRoom(cacheDir, totalBytes - receivedBytes);
  }

  #end(error: AppError): void {
    const { download } = this;
    if (this.#stopReason === 'pause') {
      this.#enter('paused', null);
      return;
    }
    if (this.#stopReason !== null) return; // The state stays: what was running runs again.
    const { code, message, retryable } = error;
    this.#enter('failed', message, error);
    this.#context.emit({ event: 'failed', download: download.id, code, message, retryable });
  }

  #enter(state: DownloadState, reason: string | null, error: AppError | null = null): void {
    const { download } = this;
    const { ledger, clock, emit } = this.#context;
    const before = download.state;
    download.enter(state, reason, error?.toData() ?? null);
    ledger.downloads.setState(download.id, state, reason, download.row.error, clock.now());
    if (before !== state) emit(download.progress());
  }

  #showWait(wait: Wait): void {
    const { download } = this;
    const { ledger, clock, emit } = this.#context;
    const before = download.state;
    download.enter('waiting', wait.message, null);
    download.wait = wait;
    if (before !== 'waiting')
      ledger.downloads.setState(download.id, 'waiting', wait.message, null, clock.now());
    emit(download.progress());
  }

  /** What the streams and jobs are doing, as a state of the download. */
  #observe({ pool, jobs }: Run): void {
    const { download } = this;
    download.streams = pool.openStreams;
    if (download.state === 'resolving' || download.state === 'ready') return;
    const silentMs = download.throughput.silentMs ?? Number.POSITIVE_INFINITY;
    if (pool.wait && silentMs >= SILENCE_MS) {
      this.#lastError = pool.wait.error;
      this.#waitForHost(pool.wait);
      return;
    }
    const open = [...jobs];
    const verifying = open.find((job) => job.verifying !== null && !job.hasWork());
    if (verifying) this.#heartbeat(verifying.path, verifying.size, verifying.verifying);
    if (open.some((job) => job.isRepairing)) this.#enter('repairing', null);
    else if (open.some((job) => job.hasWork())) this.#enter('downloading', null);
    else if (verifying) this.#enter('verifying', null);
    else if (download.state === 'waiting') this.#enter('downloading', null);
  }

  #waitForHost(wait: { readonly error: AppError; readonly attempt: number; readonly untilMs: number }): void {
    const { clock } = this.#context;
    const retryAtMs = clock.now() + Math.max(0, wait.untilMs - clock.monotonic());
    const message = `${wait.error.message} (try ${wait.attempt})`;
    const { download } = this;
    const changed = download.state !== 'waiting' || download.wait?.message !== message;
    if (changed) this.#showWait({ reason: waitReasonOf(wait.error), message, retryAtMs });
    else download.wait = { reason: waitReasonOf(wait.error), message, retryAtMs };
  }

  #heartbeat(
    path: string,
    totalBytes: number,
    verifying: { seconds: number; hashedBytes: number } | null,
  ): void {
    const now = this.#context.clock.monotonic();
    if (!verifying || now - this.#heartbeatMs < HEARTBEAT_MS) return;
    this.#heartbeatMs = now;
    this.#context.emit({ event: 'verifying', download: this.download.id, path, totalBytes, ...verifying });
  }

  /** `--give-up-after`: so long without a byte, a hashed byte or a change of phase is the end. */
  #checkProgress(): void {
    const now = this.#context.clock.monotonic();
    const hashed = [...(this.#run?.jobs ?? [])].reduce(
      (sum, job) => sum + (job.verifying?.hashedBytes ?? 0),
      0,
    );
    const received = this.download.throughput.totalBytes + hashed;
    if (received !== this.#lastReceived) {
      this.#lastReceived = received;
      this.#lastProgressMs = now;
    }
    const { giveUpAfterMs } = this.#context;
    if (giveUpAfterMs === undefined || now - this.#lastProgressMs < giveUpAfterMs) return;
    this.#stop.abort(
      this.#lastError ?? new AppError('Timeout', 'There was no progress for the time that was allowed.'),
    );
  }

  #checkRoom(): void {
    const { clock } = this.#context;
    const { download } = this;
    if (
      !this.#run ||
      !ACTIVE_STATES.has(download.state) ||
      clock.monotonic() - this.#roomCheckedMs < ROOM_CHECK_MS
    )
      return;
    this.#roomCheckedMs = clock.monotonic();
    const { jobs } = this.#run;
    requireReserve(download.row.cacheDir).catch((error) => {
      for (const job of jobs)
        if (job.hasWork()) job.checkpointFailed(classify(error, { disk: download.row.cacheDir }));
    });
  }
}
