import type { RunOptions } from '../../shared/model/run-options.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { CompletionWaiters } from './completion-waiters.ts';
import type { Download } from './download.ts';
import { LookAhead } from './look-ahead.ts';
import { ProgressTurns } from './progress-turns.ts';
import type { QueueOptions } from './queue-options.ts';
import type { DownloadRegistry } from './registry.ts';
import { RunContexts } from './run-contexts.ts';
import { StartTurns } from './start-turns.ts';
import { DownloadSupervisor, type StopReason } from './supervisor.ts';
import { waitForHours } from './wait-reason.ts';

/** How often the numbers are sampled: four times a second, as often as they may be reported. */
const TICK_MS = 250;

const NO_HASHES: ReadonlySet<string> = new Set();

/** Dependencies of {@link RunningDownloads}. */
export interface RunningDownloadsDeps {
  readonly options: QueueOptions;
  readonly registry: DownloadRegistry;
  readonly waiters: CompletionWaiters;
  /** True while a download must not run, because a partial is being copied into it. */
  readonly isHeld: (id: string) => boolean;
}

/**
 * The downloads that this engine runs or is going to run: starts the wanted ones in order, up to the number that may
 * run at once and in the hours that are set, and keeps their numbers up to date.
 */
export class RunningDownloads {
  readonly #deps: RunningDownloadsDeps;
  readonly #context: DownloadContext;
  readonly #supervisors = new Map<string, DownloadSupervisor>();
  /** Contents that a download downloads again in its next run, by the id of the download. */
  readonly #repairs = new Map<string, ReadonlySet<string>>();
  /** Downloads that may run. */
  readonly #wanted = new Set<string>();
  readonly #startTurns: StartTurns;
  readonly #runs: RunContexts;
  readonly #lookAhead: LookAhead;
  readonly #progressTurns = new ProgressTurns();
  readonly #tick: NodeJS.Timeout;
  #closed = false;

  constructor(deps: RunningDownloadsDeps) {
    const { context, findVariant } = deps.options;
    this.#deps = deps;
    this.#context = context;
    this.#startTurns = new StartTurns(context);
    this.#runs = new RunContexts(deps.options);
    this.#lookAhead = new LookAhead(context, findVariant);
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** The supervisors of all running downloads. */
  all(): readonly DownloadSupervisor[] {
    return [...this.#supervisors.values()];
  }

  /** The supervisor of a running download. */
  of(id: string): DownloadSupervisor | undefined {
    return this.#supervisors.get(id);
  }

  /** Settings of a client for the next runs of a download. */
  setOptions(id: string, run: RunOptions): void {
    this.#runs.set(id, run);
  }

  /** Makes the next run download these contents again, added to those that it already has to. */
  addRepairs(id: string, hashes: ReadonlySet<string>): void {
    this.#repairs.set(id, new Set([...(this.#repairs.get(id) ?? NO_HASHES), ...hashes]));
  }

  /** Runs it in addition to as many as may run at once, and at any hour. Followed by {@link want}. */
  insist(id: string): void {
    this.#startTurns.insist(id);
  }

  /** Runs it when its turn comes. */
  want(download: Download): void {
    const { id } = download;
    this.#wanted.add(id);
    if (!this.#supervisors.has(id)) this.#enterIdle(download, 'queued');
    this.fill();
    this.#reportIdle(download);
  }

  /** Runs it no longer once it has ended or is stopped. */
  unwant(id: string): void {
    this.#wanted.delete(id);
    this.#startTurns.forget(id);
  }

  /** Ends the run of a download, if there is one; resolves when everything that had arrived is durable. */
  async stop(id: string, reason: StopReason): Promise<void> {
    await this.#supervisors.get(id)?.stop(reason);
  }

  /** Pauses a download that was queued, or had been stopped by something else. */
  pauseIdle(download: Download): void {
    const { id, isActive } = download;
    const isIdle = this.#deps.registry.has(id) && !this.#wanted.has(id) && !this.#supervisors.has(id);
    if (!isIdle || !isActive) return;
    this.#enterIdle(download, 'paused');
    this.#reportIdle(download);
    this.#deps.waiters.tell(download);
  }

  /** It is being deleted: nothing is prepared for it any longer. */
  drop(id: string): void {
    this.unwant(id);
    this.#repairs.delete(id);
    this.#lookAhead.end(id);
  }

  /** It was deleted. */
  forget(id: string): void {
    this.#runs.forget(id);
  }

  /** Ends the waits for the network. For a download that the user names, also one that its server requested. */
  retryNow(id: string | undefined): void {
    const { hostBackoff } = this.#context;
    hostBackoff.reset();
    const insistedOn = id === undefined ? null : this.#supervisors.get(id)?.waitingHost;
    if (insistedOn) hostBackoff.override(insistedOn);
    for (const supervisor of this.#supervisors.values()) {
      if (id === undefined || supervisor.download.id === id) supervisor.retryNow();
    }
  }

  /** The hours in which downloads run were changed. */
  scheduleChanged(): void {
    this.#startTurns.readSchedule();
    if (this.#startTurns.look()) this.#openOrClose();
  }

  /** Starts the wanted downloads, in order, up to the number that may run at once. Call when that number changes. */
  fill(): void {
    if (this.#closed) return;
    const { registry, isHeld } = this.#deps;
    const waiting = registry
      .all()
      .filter(({ id }) => this.#wanted.has(id) && !this.#supervisors.has(id) && !isHeld(id));
    const { start, later, closedUntilMs } = this.#startTurns.next(waiting, this.#supervisors.size);
    for (const download of start) this.#start(download);
    for (const download of later) {
      if (closedUntilMs === null) this.#showQueued(download);
      else this.#showClosed(download, closedUntilMs);
    }
    this.#lookAhead.look(later);
  }

  /** Starts nothing from now on. */
  beginClose(): void {
    this.#closed = true;
    clearInterval(this.#tick);
    this.#lookAhead.close();
  }

  /** Stops everything in order; resolves when everything that has arrived is durable. */
  async stopAll(): Promise<void> {
    await Promise.all(this.all().map((supervisor) => supervisor.stop('shutdown')));
  }

  #openOrClose(): void {
    for (const [id, supervisor] of this.#supervisors) {
      // It is still wanted, so it waits for its hour.
      if (!this.#startTurns.mayRun(id)) void supervisor.stop('shutdown');
    }
    this.fill();
  }

  /** A download that could start at once was never in the queue as far as observers can see. */
  #reportIdle(download: Download): void {
    if (!this.#supervisors.has(download.id)) this.#context.emit(download.progress());
  }

  #enterIdle(download: Download, state: 'queued' | 'paused'): void {
    const { ledger, clock } = this.#context;
    // What was active when an engine ended is simply queued again.
    if (download.isActive) download.requeue();
    download.enter(state, null, null);
    ledger.downloads.setState(download.id, state, null, null, clock.now());
  }

  /** Waits for its hour. Shown but not stored: an engine looks at the hours anew when it opens. */
  #showClosed(download: Download, untilMs: number): void {
    if (download.wait?.facts.reason === 'schedule' && download.wait.retryAtMs === untilMs) return;
    download.waitFor(waitForHours(untilMs));
    this.#context.emit(download.progress());
  }

  /** Its hour has come, and it now waits for its turn. */
  #showQueued(download: Download): void {
    if (download.wait?.facts.reason !== 'schedule') return;
    this.#enterIdle(download, 'queued');
    this.#context.emit(download.progress());
  }

  #start(download: Download): void {
    const { id, row } = download;
    this.#lookAhead.end(id);
    const variant = this.#deps.options.findVariant(row.model, row.variant);
    const repairs = this.#repairs.get(id) ?? NO_HASHES;
    const supervisor = new DownloadSupervisor(download, variant, repairs, this.#runs.of(id));
    this.#repairs.delete(id);
    this.#supervisors.set(id, supervisor);
    void supervisor.ended
      .then(() => this.#ended(supervisor))
      .catch((error) => this.#context.log('error', classify(error).message));
  }

  #ended({ download }: DownloadSupervisor): void {
    const { registry, waiters, options } = this.#deps;
    const { id, state } = download;
    this.#supervisors.delete(id);
    const isOver = state === 'failed' || (state === 'ready' && !this.#repairs.has(id));
    if (isOver) this.unwant(id);
    // Resumed while it was still stopping, or asked to repair since it began.
    else if (this.#wanted.has(id) && registry.has(id) && !this.#closed) this.#enterIdle(download, 'queued');
    if (!this.#wanted.has(id) || this.#closed) waiters.tell(download);
    const keepsFailures = this.#runs.keepsFailures(id) ?? options.keepsFailures;
    if (download.isUnresolvable && !keepsFailures) registry.forget(id);
    this.fill();
    if (registry.has(id) && state !== download.state) this.#reportIdle(download);
  }

  /**
   * Half of the running downloads report their numbers at a tick: each one twice a second, however many run; a single
   * one at each tick.
   */
  #onTick(): void {
    if (this.#startTurns.look()) this.#openOrClose();
    const supervisors = this.all();
    for (const supervisor of supervisors) {
      try {
        supervisor.tick();
      } catch (error) {
        // A timer that throws would end the process and all other downloads with it.
        supervisor.fail(classify(error));
      }
    }
    for (const { download } of this.#progressTurns.next(supervisors)) this.#context.emit(download.progress());
  }
}
