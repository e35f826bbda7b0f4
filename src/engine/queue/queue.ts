import { type AddDownload, addDownloadSchema } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadInspection } from '../../shared/model/inspection.ts';
import type { RunOptions } from '../../shared/model/run-options.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import { type Adopted, Adoptions } from './adopt/adoptions.ts';
import { CompletionWaiters } from './completion-waiters.ts';
import type { Download } from './download.ts';
import type { DownloadTarget } from './download-target.ts';
import { inspect } from './inspect.ts';
import { viewDownload } from './load-download.ts';
import { LookAhead } from './look-ahead.ts';
import { pauseElsewhere } from './pause-elsewhere.ts';
import { ProgressTurns } from './progress-turns.ts';
import type { QueueOptions } from './queue-options.ts';
import { DownloadRegistry } from './registry.ts';
import { removePartials } from './remove-partials.ts';
import { renewDownload } from './renew-download.ts';
import { requireIdle } from './require-idle.ts';
import { RunContexts } from './run-contexts.ts';
import { literalPattern } from './selection.ts';
import { StartTurns } from './start-turns.ts';
import { DownloadSupervisor } from './supervisor.ts';
import { waitForHours } from './wait-reason.ts';

/** How often the numbers are sampled: four times a second, as often as they may be reported. */
const TICK_MS = 250;

/**
 * The queue of downloads: which ones run, and the commands on them. Only downloads that this engine was asked to run
 * are run; the command line asks for one, the app for all that were active.
 */
export class DownloadQueue {
  readonly #options: QueueOptions;
  readonly #context: DownloadContext;
  readonly #registry: DownloadRegistry;
  readonly #supervisors = new Map<string, DownloadSupervisor>();
  readonly #repairs = new Map<string, ReadonlySet<string>>();
  /** Downloads that this engine may run. */
  readonly #wanted = new Set<string>();
  readonly #startTurns: StartTurns;
  readonly #runs: RunContexts;
  readonly #adoptions: Adoptions;
  readonly #completionWaiters = new CompletionWaiters();
  readonly #tick: NodeJS.Timeout;
  readonly #turns = new ProgressTurns();
  readonly #lookAhead: LookAhead;
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#context = options.context;
    this.#startTurns = new StartTurns(options.context);
    this.#runs = new RunContexts(options);
    this.#adoptions = new Adoptions(options.context);
    this.#registry = new DownloadRegistry(options.context, options);
    this.#lookAhead = new LookAhead(options.context, options.findVariant);
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
  }

  /** Restarts the downloads that were running when the engine ended. */
  startAll(): void {
    if (this.#closed) return;
    const active = this.#registry.all().filter(({ isActive }) => isActive);
    for (const download of active) {
      if (download.row.cacheDir === this.#options.cacheDir) this.#want(download.id);
      else pauseElsewhere(download, this.#context);
    }
  }

  list(): DownloadView[] {
    return this.#registry.all().map(viewDownload);
  }

  /** Counters of the running downloads, for the checkpoint. */
  counters() {
    return [...this.#supervisors.values()].map(({ download }) => ({
      id: download.id,
      counters: download.currentCounters(),
    }));
  }

  /** Adds a download, or continues the unfinished one of the same files. Returns its id. */
  add(target: DownloadTarget, wish: AddDownload, run: RunOptions): string {
    const same = this.#registry.findSame(target, wish);
    if (same) renewDownload(same, target.revision, wish, this.#context.ledger);
    const id = same?.id ?? this.#registry.insert(target, wish);
    this.#runs.set(id, run);
    this.#want(id);
    return id;
  }

  /**
   * Returns the finished download that put all these files of a snapshot into the current cache, or creates one for
   * them without starting it. Pinned to the commit, wherever its branch is by now.
   */
  addIdle(target: DownloadTarget, commit: string, paths: readonly string[]): string {
    const { cacheDir } = this.#options;
    const known = this.#registry.all().find(({ row, state, files }) => {
      const isThis = row.repo === target.repo && row.commit === commit && row.cacheDir === cacheDir;
      const has = new Set(files.map((file) => file.row.path));
      return isThis && state === 'ready' && paths.every((path) => has.has(path));
    });
    if (known) return known.id;
    const wish = addDownloadSchema.parse({ reference: target.repo, include: paths.map(literalPattern) });
    return this.#registry.insert({ ...target, revision: commit }, wish);
  }

  /**
   * Downloads damaged contents of a download again when its turn comes. Resolves to the error that prevented it, or to
   * null.
   */
  repair(id: string, hashes: ReadonlySet<string>): Promise<ErrorData | null> {
    this.#repairs.set(id, new Set([...(this.#repairs.get(id) ?? []), ...hashes]));
    const ended = this.#completionWaiters.of(id);
    this.#startTurns.insist(id);
    this.#want(id);
    return ended;
  }

  /** Throws `BadRequest` while a download of this repository into the same cache is unfinished. */
  requireIdle(repo: string): void {
    requireIdle(this.#registry.all(), repo, this.#options.cacheDir);
  }

  /** Deletes the finished downloads of what was removed from the cache: a repository, or one commit of it. */
  async forgetReady(repo: string, commit: string | null): Promise<void> {
    const isOver = ({ row }: Download) =>
      row.repo === repo &&
      row.cacheDir === this.#options.cacheDir &&
      row.state === 'ready' &&
      (commit === null || row.commit === commit);
    for (const { id } of this.#registry.all().filter(isOver)) await this.cancel(id, true);
  }

  /** Throws `NotFound` for an unknown id. */
  get(id: string): Download {
    return this.#registry.get(id);
  }

  async pause(id: string): Promise<void> {
    const download = this.get(id);
    this.#unwant(id);
    await this.#supervisors.get(id)?.stop('pause');
    // It was queued, or had been stopped by something else.
    if (this.#isIdle(id) && download.isActive) {
      this.#enterIdle(download, 'paused');
      this.#tellIdle(download);
      this.#completionWaiters.tell(download);
    }
    this.fill();
  }

  /** True when the download is not running and is not wanted to run. */
  #isIdle(id: string): boolean {
    return this.#registry.has(id) && !this.#wanted.has(id) && !this.#supervisors.has(id);
  }

  /** Runs it beside as many as may run at once, and at any hour. */
  startNow(id: string, run: RunOptions): void {
    if (this.get(id).state !== 'ready') this.#startTurns.insist(id);
    this.resume(id, false, run);
  }

  resume(id: string, acceptChanged: boolean, run: RunOptions): void {
    const download = this.get(id);
    if (download.state === 'ready') return;
    this.#runs.set(id, run);
    if (acceptChanged) {
      const { row } = download;
      renewDownload(download, row.revision, { ...row.options, acceptChanged }, this.#context.ledger);
    }
    this.#want(id);
    if (this.#supervisors.has(id)) this.retryNow(id);
  }

  async pauseAll(): Promise<void> {
    const active = this.#registry.all().filter((download) => download.isActive);
    for (const { id } of active) this.#unwant(id);
    await Promise.all(active.map(({ id }) => this.pause(id)));
  }

  resumeAll(): void {
    for (const { id, state } of this.#registry.all()) if (state !== 'ready') this.#want(id);
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

  /**
   * Drops all connections and makes durable what has arrived, because the computer is about to sleep. {@link retryNow}
   * resumes.
   */
  async suspend(): Promise<void> {
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.rest()));
    await this.#context.checkpointer.flush();
  }

  move(id: string, position: number): void {
    this.#registry.move(id, position);
    this.fill();
  }

  /** Stops and deletes a download. Without `keepPartial`, also deletes the bytes that no other download needs. */
  async cancel(id: string, keepPartial: boolean): Promise<void> {
    const download = this.get(id);
    this.#unwant(id);
    this.#repairs.delete(id);
    this.#lookAhead.end(id);
    this.#registry.close(id);
    try {
      await this.#adoptions.end(id);
      await this.#supervisors.get(id)?.stop('cancel');
      if (!keepPartial) await removePartials(download, () => this.#registry.all(), this.#context);
      this.#registry.forget(id);
      this.#runs.forget(id);
    } finally {
      this.#registry.reopen(id); // Only what could not be deleted.
      this.#completionWaiters.tell(download);
      this.fill();
    }
    await this.#context.ledger.sync();
  }

  /**
   * Adopts the bytes of another tool's partial that this download lacks. The download does not run in the meantime, and
   * resumes by itself if it was running. Throws `BadRequest` for a partial that cannot be used.
   */
  async adopt(id: string, partial: string, named: string | undefined): Promise<Adopted> {
    const standStill = async () => {
      this.get(id); // It may have been canceled in the meantime.
      const supervisor = this.#supervisors.get(id);
      await supervisor?.stop('shutdown');
      if (supervisor?.repairHashes.size) this.#repairs.set(id, supervisor.repairHashes);
    };
    try {
      return await this.#adoptions.adopt(this.get(id), partial, named, standStill);
    } finally {
      this.fill();
    }
  }

  /** Returns what the inspector shows. */
  async inspect(id: string): Promise<DownloadInspection> {
    const download = this.get(id);
    const transfer = this.#supervisors.get(id)?.transfer ?? null;
    const { bytesPerSecond } = download.numbers();
    const inspection = await inspect(download, transfer, this.#context.ledger, bytesPerSecond);
    return { ...inspection, stats: download.stats() };
  }

  /** The hours in which downloads run were changed. */
  scheduleChanged(): void {
    this.#startTurns.readSchedule();
    if (this.#startTurns.look()) this.#openOrClose();
  }

  #openOrClose(): void {
    for (const [id, supervisor] of this.#supervisors) {
      // What it was doing is still wanted, so it waits for its hour.
      if (!this.#startTurns.mayRun(id)) void supervisor.stop('shutdown');
    }
    this.fill();
  }

  /** The speed limit changed: past speeds no longer predict the next ones. */
  limitChanged(): void {
    for (const { download } of this.#supervisors.values()) download.throughput.lineChanged();
  }

  /** Stops everything in order; resolves when everything that has arrived is durable. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#tick);
    this.#lookAhead.close();
    await this.#adoptions.close();
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop('shutdown')));
  }

  #unwant(id: string): void {
    this.#wanted.delete(id);
    this.#startTurns.forget(id);
  }

  #want(id: string): void {
    const download = this.get(id);
    this.#wanted.add(id);
    if (!this.#supervisors.has(id)) this.#enterIdle(download, 'queued');
    this.fill();
    this.#tellIdle(download);
  }

  /** A download that could start at once was never in the queue as far as observers can see. */
  #tellIdle(download: Download): void {
    if (!this.#supervisors.has(download.id)) this.#context.emit(download.progress());
  }

  #enterIdle(download: Download, state: 'queued' | 'paused'): void {
    const { ledger, clock } = this.#context;
    // What was active when an engine ended is simply queued again.
    if (download.isActive) download.requeue();
    download.enter(state, null, null);
    ledger.downloads.setState(download.id, state, null, null, clock.now());
  }

  /** Starts the wanted downloads, in order, up to the number that may run at once. Call when that number changes. */
  fill(): void {
    if (this.#closed) return;
    const waiting = this.#registry
      .all()
      .filter(({ id }) => this.#wanted.has(id) && !this.#supervisors.has(id) && !this.#adoptions.holds(id));
    const { start, later, closedUntilMs } = this.#startTurns.next(waiting, this.#supervisors.size);
    for (const download of start) this.#start(download);
    for (const download of later) {
      if (closedUntilMs === null) this.#showQueued(download);
      else this.#showClosed(download, closedUntilMs);
    }
    this.#lookAhead.look(later);
  }

  /** It waits for its hour: shown, and not kept, for the hour is looked at again when an engine begins. */
  #showClosed(download: Download, untilMs: number): void {
    if (download.wait?.facts.reason === 'schedule' && download.wait.retryAtMs === untilMs) return;
    download.waitFor(waitForHours(untilMs));
    this.#context.emit(download.progress());
  }

  /** It waited for its hour, which has come, and now for its turn. */
  #showQueued(download: Download): void {
    if (download.wait?.facts.reason !== 'schedule') return;
    this.#enterIdle(download, 'queued');
    this.#context.emit(download.progress());
  }

  #start(download: Download): void {
    const { id, row } = download;
    this.#lookAhead.end(id);
    const variant = this.#options.findVariant(row.model, row.variant);
    const supervisor = new DownloadSupervisor(
      download,
      variant,
      this.#repairs.get(id) ?? new Set(),
      this.#runs.of(id),
    );
    this.#repairs.delete(id);
    this.#supervisors.set(id, supervisor);
    void supervisor.ended
      .then(() => this.#ended(supervisor))
      .catch((error) => this.#context.log('error', classify(error).message));
  }

  #ended({ download }: DownloadSupervisor): void {
    const { id, state } = download;
    this.#supervisors.delete(id);
    const isOver = state === 'failed' || (state === 'ready' && !this.#repairs.has(id));
    if (isOver) this.#unwant(id);
    // Resumed while it was still stopping, or asked to repair since it began.
    else if (this.#wanted.has(id) && this.#registry.has(id) && !this.#closed)
      this.#enterIdle(download, 'queued');
    if (!this.#wanted.has(id) || this.#closed) this.#completionWaiters.tell(download);
    const keepsFailures = this.#runs.keepsFailures(id) ?? this.#options.keepsFailures;
    if (download.isUnresolvable && !keepsFailures) this.#registry.forget(id);
    this.fill();
    if (this.#registry.has(id) && state !== download.state) this.#tellIdle(download);
  }

  /**
   * Half of the running downloads report their numbers at a tick: each one twice a second, however many run; a single
   * one at each tick.
   */
  #onTick(): void {
    if (this.#startTurns.look()) this.#openOrClose();
    const supervisors = [...this.#supervisors.values()];
    for (const supervisor of supervisors) {
      try {
        supervisor.tick();
      } catch (error) {
        // A timer that throws would end the process and all other downloads with it.
        supervisor.fail(classify(error));
      }
    }
    for (const { download } of this.#turns.next(supervisors)) this.#context.emit(download.progress());
  }
}
