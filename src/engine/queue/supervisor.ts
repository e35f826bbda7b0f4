import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import { prepareRepository } from '../cache/prepare.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import { SILENCE_MS } from '../transfer/throughput.ts';
import type { Checking, Transfer } from './acquire-contents.ts';
import type { Download } from './download.ts';
import { GiveUpWatch } from './give-up-watch.ts';
import { observedState } from './observed-state.ts';
import { receivedBytes, remainingBytes } from './plan-tasks.ts';
import { createRoomWatch, withRoom } from './room-watch.ts';
import { runDownload } from './run-download.ts';
import { StartOver } from './start-over.ts';
import { ACTIVE_STATES } from './state.ts';
import { StateRecorder } from './state-recorder.ts';
import { createVerifyHeartbeat } from './verify-heartbeat.ts';
import { isDiskWait } from './wait-reason.ts';
import { DISK_POLL_MS, waitUntil } from './wait-until.ts';

/** A partial that another program removed is simply created again; only a missing volume is worth a longer wait. */
const QUICK_LOOK_MS = 300;

/** Explains why a repairing download shows lower numbers than before. */
const REPAIRING = 'Downloading damaged parts again. The rest is kept.';

/** Why a run was stopped from outside. */
export type StopReason = 'pause' | 'cancel' | 'shutdown';

/**
 * Keeps one download going until it is ready, fails, or is stopped: runs it, waits when the disk must recover first,
 * and runs it again. Derives the displayed state and numbers from the run's parts.
 */
export class DownloadSupervisor {
  readonly download: Download;
  readonly #context: DownloadContext;
  readonly #variant: CatalogVariant | null;
  readonly #repairHashes: ReadonlySet<string>;
  readonly #stop = new AbortController();
  /** Resolves when the supervisor has ended; never rejects. */
  readonly ended: Promise<void>;
  #transfer: Transfer | null = null;
  #stopReason: StopReason | null = null;
  readonly #giveUp: GiveUpWatch;
  #lastError: AppError | null = null;
  readonly #watchRoom: ReturnType<typeof createRoomWatch>;
  readonly #heartbeat: ReturnType<typeof createVerifyHeartbeat>;
  #receivedAtFailure = 0;
  readonly #startOver = new StartOver();
  readonly #states: StateRecorder;

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
    this.#giveUp = new GiveUpWatch(download, context.clock.monotonic, context.giveUpAfterMs);
    this.#states = new StateRecorder(download, context);
    download.begin();
    this.#watchRoom = createRoomWatch(context.clock.monotonic, download.row.cacheDir);
    this.#heartbeat = createVerifyHeartbeat(context.clock.monotonic, (beat) =>
      context.emit({ event: 'verifying', download: download.id, ...beat }),
    );
    this.ended = this.#keepGoing();
  }

  /** Contents that this run downloads again although they are on disk. */
  get repairHashes(): ReadonlySet<string> {
    return this.#repairHashes;
  }

  /** The moving parts of the run; null while there are none. */
  get transfer(): Transfer | null {
    return this.#transfer;
  }

  /** Ends the run; resolves when everything that has arrived is durable. */
  async stop(reason: StopReason): Promise<void> {
    this.#stopReason ??= reason;
    this.#stop.abort(new AppError('Cancelled', 'The download was stopped.'));
    await this.ended;
  }

  /** The host that is waited for; null if none. */
  get waitingHost(): string | null {
    if (this.download.state !== 'waiting') return null;
    return this.#transfer?.pool.wait?.host ?? this.#context.hub.endpoint.host;
  }

  /** Ends the run because of an error outside its own parts, as after any other error. */
  fail(error: AppError): void {
    this.#stop.abort(error);
  }

  /** Ends every wait for the network. */
  retryNow(): void {
    this.#transfer?.pool.retryNow();
  }

  /** Drops all connections until {@link retryNow}; resolves when everything that has arrived is written. */
  async rest(): Promise<void> {
    await this.#transfer?.pool.rest();
  }

  /** Call a few times a second: keeps the state, heartbeat and limits up to date. */
  tick(): void {
    if (this.#transfer) this.#observe(this.#transfer);
    this.#checkProgress();
    this.#checkRoom();
  }

  async #keepGoing(): Promise<void> {
    try {
      // Each round ends in ready, or in a wait after which it is tried again.
      while (!(await this.#once()));
    } catch (error) {
      // The reason the run was stopped says more than the error its parts made of it.
      const reason = classify(this.#stop.signal.aborted ? this.#stop.signal.reason : error);
      try {
        this.#end(reason);
      } catch (bug) {
        this.#context.log('error', `A download did not end in order: ${classify(bug).message}`);
      }
    }
    this.#states.settle();
  }

  /** Runs once. Returns true when the download is ready; false when it waited for the disk. */
  async #once(): Promise<boolean> {
    const signal = this.#stop.signal;
    this.download.throughput.reset();
    try {
      const options = {
        variant: this.#variant,
        repairHashes: this.#repairHashes,
        enter: (state: DownloadState) => this.#states.enter(state, null),
        onHubWait: (error: AppError, attempt: number, untilMs: number) => {
          this.#lastError = error;
          this.#states.waitForHub(error, attempt, untilMs);
        },
        onResolved: () => {
          this.#giveUp.isLooking = true;
        },
        onTransfer: (transfer: Transfer) => {
          this.#giveUp.isLooking = false;
          this.#transfer = transfer;
          this.#countLost();
        },
      };
      await runDownload(this.download, options, this.#context, signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      this.#giveUp.isLooking = false;
      const failure = classify(error, { disk: this.download.row.cacheDir });
      if (
        !isDiskWait(failure) &&
        !this.#startOver.isWorthwhile(failure, this.download.counters.downloadedBytes)
      )
        throw failure;
      this.#lastError = failure;
      this.#transfer = null;
      this.#receivedAtFailure = receivedBytes(this.download);
      this.#states.waitForDisk(await withRoom(failure, () => this.#requireRoom()));
      const isQuick = failure.code === 'DiskMissing' || !this.#context.waitsForDisk;
      const firstLookMs = isQuick ? QUICK_LOOK_MS : DISK_POLL_MS;
      await waitUntil(
        () => this.#diskMended(failure),
        firstLookMs,
        (still) => this.#stillNoDisk(still),
        signal,
      );
      return false;
    } finally {
      this.#transfer = null;
    }
  }

  /** Bytes that the previous run received, and that a full disk did not let it make durable, are fetched again. */
  #countLost(): void {
    const lostBytes = this.#receivedAtFailure - receivedBytes(this.download);
    this.download.countWasted(Math.max(0, lostBytes));
    this.#receivedAtFailure = 0;
  }

  /** Throws until the disk that failed, the cache's or the ledger's, has recovered. */
  async #diskMended(failure: AppError): Promise<void> {
    const { ledger } = this.#context;
    const { cacheDir, repo } = this.download.row;
    if (failure.details.volume === 'ledger') return await ledger.requireWritable();
    await prepareRepository({ cacheDir, repo });
    if (failure.code === 'DiskFull') await this.#requireRoom();
  }

  #requireRoom(): Promise<void> {
    const { id, row } = this.download;
    return this.#context.diskBudget.requireRoom(id, row.cacheDir, remainingBytes(this.download));
  }

  #stillNoDisk(failure: AppError): void {
    if (!this.#context.waitsForDisk || !failure.retryable) throw failure;
    this.#states.waitForDisk(failure);
  }

  #end(error: AppError): void {
    if (this.#stopReason === 'pause') this.#states.enter('paused', null);
    // When it ended with the program or for an adoption, the state stays: what was running runs again.
    else if (this.#stopReason === null) this.#states.fail(error);
  }

  /** Derives the state of the download from what attempts and jobs are doing. */
  #observe({ pool, jobs, checking }: Transfer): void {
    const { download } = this;
    download.setAttempts([...pool.streams]);
    if (download.state === 'resolving' || download.state === 'ready') return;
    const silentMs = download.throughput.silentMs ?? Number.POSITIVE_INFINITY;
    if (pool.wait && silentMs >= SILENCE_MS) {
      this.#lastError = pool.wait.error;
      this.#states.waitForHost(pool.wait);
      return;
    }
    const open = [...jobs];
    if (open.length === 0 && checking.size === 0 && this.#states.waitForOther()) return;
    const verifying = open.find((job) => job.verifying !== null && !job.hasWork());
    const [hashing] = checking.values();
    if (verifying?.verifying) {
      this.#heartbeat({ path: verifying.path, totalBytes: verifying.size, ...verifying.verifying });
    } else if (hashing) this.#heartbeat(this.#elapsed(hashing));
    const state = observedState(open, download.state, hashing !== undefined);
    if (state !== null) this.#states.enter(state, state === 'repairing' ? REPAIRING : null);
  }

  #elapsed({ sinceMs, ...checking }: Checking) {
    return { ...checking, seconds: Math.floor((this.#context.clock.monotonic() - sinceMs) / 1000) };
  }

  #checkProgress(): void {
    const reason = this.#giveUp.reason(this.#transfer, this.#lastError);
    if (reason) this.#stop.abort(reason);
  }

  #checkRoom(): void {
    if (this.#transfer && ACTIVE_STATES.has(this.download.state)) this.#watchRoom(this.#transfer.jobs);
  }
}
