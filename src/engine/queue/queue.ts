import { type AddDownload, addDownloadSchema } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadInspection } from '../../shared/model/inspection.ts';
import type { RunOptions } from '../../shared/model/run-options.ts';
import type { DownloadContext } from '../contents/context.ts';
import { type Adopted, Adoptions } from './adopt/adoptions.ts';
import { CompletionWaiters } from './completion-waiters.ts';
import type { Download } from './download.ts';
import type { DownloadTarget } from './download-target.ts';
import { inspect } from './inspect.ts';
import { viewDownload } from './load-download.ts';
import { pauseElsewhere } from './pause-elsewhere.ts';
import type { QueueOptions } from './queue-options.ts';
import { DownloadRegistry } from './registry.ts';
import { removePartials } from './remove-partials.ts';
import { renewDownload } from './renew-download.ts';
import { requireIdle } from './require-idle.ts';
import { RunningDownloads } from './running-downloads.ts';
import { literalPattern } from './selection.ts';

/**
 * The queue of downloads: which ones run, and the commands on them. Only downloads that this engine was asked to run
 * are run; the command line asks for one, the app for all that were active.
 */
export class DownloadQueue {
  readonly #options: QueueOptions;
  readonly #context: DownloadContext;
  readonly #registry: DownloadRegistry;
  readonly #running: RunningDownloads;
  readonly #adoptions: Adoptions;
  readonly #waiters = new CompletionWaiters();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#context = options.context;
    this.#adoptions = new Adoptions(options.context);
    this.#registry = new DownloadRegistry(options.context, options);
    this.#running = new RunningDownloads({
      options,
      registry: this.#registry,
      waiters: this.#waiters,
      isHeld: (id) => this.#adoptions.holds(id),
    });
  }

  /** Restarts the downloads that were running when the engine ended. */
  startAll(): void {
    if (this.#running.isClosed) return;
    const active = this.#registry.all().filter(({ isActive }) => isActive);
    for (const download of active) {
      if (download.row.cacheDir === this.#options.cacheDir) this.#running.want(download);
      else pauseElsewhere(download, this.#context);
    }
  }

  list(): DownloadView[] {
    return this.#registry.all().map(viewDownload);
  }

  /** Counters of the running downloads, for the checkpoint. */
  counters() {
    return this.#running.all().map(({ download }) => ({
      id: download.id,
      counters: download.currentCounters(),
    }));
  }

  /** Adds a download, or continues the unfinished one of the same files. Returns its id. */
  add(target: DownloadTarget, wish: AddDownload, run: RunOptions): string {
    const same = this.#registry.findSame(target, wish);
    if (same) renewDownload(same, target.revision, wish, this.#context.ledger);
    const id = same?.id ?? this.#registry.insert(target, wish);
    this.#running.setOptions(id, run);
    this.#running.want(this.get(id));
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
    this.#running.addRepairs(id, hashes);
    const ended = this.#waiters.of(id);
    this.#running.insist(id);
    this.#running.want(this.get(id));
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
    this.#running.unwant(id);
    await this.#running.stop(id, 'pause');
    this.#running.pauseIdle(download);
    this.fill();
  }

  /** Runs it in addition to as many as may run at once, and at any hour. */
  startNow(id: string, run: RunOptions): void {
    if (this.get(id).state !== 'ready') this.#running.insist(id);
    this.resume(id, false, run);
  }

  resume(id: string, acceptChanged: boolean, run: RunOptions): void {
    const download = this.get(id);
    if (download.state === 'ready') return;
    this.#running.setOptions(id, run);
    if (acceptChanged) {
      const { row } = download;
      renewDownload(download, row.revision, { ...row.options, acceptChanged }, this.#context.ledger);
    }
    this.#running.want(download);
    if (this.#running.of(id)) this.retryNow(id);
  }

  async pauseAll(): Promise<void> {
    const active = this.#registry.all().filter((download) => download.isActive);
    for (const { id } of active) this.#running.unwant(id);
    await Promise.all(active.map(({ id }) => this.pause(id)));
  }

  resumeAll(): void {
    for (const download of this.#registry.all()) {
      if (download.state !== 'ready') this.#running.want(download);
    }
  }

  /** Ends the waits for the network. For a download that the user names, also one that its server requested. */
  retryNow(id: string | undefined): void {
    this.#running.retryNow(id);
  }

  /**
   * Drops all connections and makes durable what has arrived, because the computer is about to sleep. {@link retryNow}
   * resumes.
   */
  async suspend(): Promise<void> {
    await Promise.all(this.#running.all().map((supervisor) => supervisor.rest()));
    await this.#context.checkpointer.flush();
  }

  move(id: string, position: number): void {
    this.#registry.move(id, position);
    this.fill();
  }

  /** Stops and deletes a download. Without `keepPartial`, also deletes the bytes that no other download needs. */
  async cancel(id: string, keepPartial: boolean): Promise<void> {
    const download = this.get(id);
    this.#running.drop(id);
    this.#registry.close(id);
    try {
      await this.#adoptions.end(id);
      await this.#running.stop(id, 'cancel');
      if (!keepPartial) await removePartials(download, () => this.#registry.all(), this.#context);
      this.#registry.forget(id);
      this.#running.forget(id);
    } finally {
      this.#registry.reopen(id); // Only what could not be deleted.
      this.#waiters.tell(download);
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
      const supervisor = this.#running.of(id);
      await supervisor?.stop('shutdown');
      if (supervisor?.repairHashes.size) this.#running.addRepairs(id, supervisor.repairHashes);
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
    const transfer = this.#running.of(id)?.transfer ?? null;
    const { bytesPerSecond } = download.numbers();
    const inspection = await inspect(download, transfer, this.#context.ledger, bytesPerSecond);
    return { ...inspection, stats: download.stats() };
  }

  /** The hours in which downloads run were changed. */
  scheduleChanged(): void {
    this.#running.scheduleChanged();
  }

  /** The speed limit changed: past speeds no longer predict the next ones. */
  limitChanged(): void {
    for (const { download } of this.#running.all()) download.throughput.lineChanged();
  }

  /** Stops everything in order; resolves when everything that has arrived is durable. */
  async close(): Promise<void> {
    this.#running.beginClose();
    await this.#adoptions.close();
    await this.#running.stopAll();
  }

  /** Starts what may start. Call when the number of downloads at once changes. */
  fill(): void {
    this.#running.fill();
  }
}
