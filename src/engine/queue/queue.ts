import { type AddDownload, addDownloadSchema } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadInspection } from '../../shared/model/inspection.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import { type Adopted, Adoptions } from './adopt/adoptions.ts';
import { EndWaits } from './completion-waiters.ts';
import type { Download } from './download.ts';
import type { DownloadTarget } from './download-target.ts';
import { inspect } from './inspect.ts';
import { viewDownload } from './load-download.ts';
import type { DownloadsOptions } from './queue-options.ts';
import { DownloadBook } from './registry.ts';
import { removePartials } from './remove-partials.ts';
import { renewDownload } from './renew-download.ts';
import { requireIdle } from './require-idle.ts';
import { literalPattern } from './selection.ts';
import { Runner } from './supervisor.ts';

/** How often numbers are looked at: at most 4 events a second for all downloads together. */
const TICK_MS = 250;

/**
 * The queue: which downloads run, and what the user may do with them. Only downloads that this
 * engine was asked to run are run; the command line asks for one, the app for all that were active.
 */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #context: DownloadContext;
  readonly #book: DownloadBook;
  readonly #runners = new Map<string, Runner>();
  readonly #repairs = new Map<string, ReadonlySet<string>>();
  /** Downloads that this engine may run. */
  readonly #wanted = new Set<string>();
  readonly #adoptions: Adoptions;
  readonly #endWaits = new EndWaits();
  readonly #tick: NodeJS.Timeout;
  #turn = 0;
  #closed = false;

  constructor(options: DownloadsOptions) {
    this.#options = options;
    this.#context = options.context;
    this.#adoptions = new Adoptions(options.context);
    this.#book = new DownloadBook(options.context, options);
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
  }

  /** Runs again what was running when the engine ended. */
  startAll(): void {
    if (this.#closed) return;
    for (const { id, isActive } of this.#book.all()) if (isActive) this.#want(id);
  }

  list(): DownloadView[] {
    return this.#book.all().map(viewDownload);
  }

  /** Counters of what runs, for the checkpoint. */
  counters() {
    return [...this.#runners.values()].map(({ download }) => ({
      id: download.id,
      counters: download.currentCounters(),
    }));
  }

  /** Adds a download, or goes on with the unfinished one of the same files. Returns its id. */
  add(target: DownloadTarget, wish: AddDownload): string {
    const same = this.#book.findSame(target, wish);
    if (same) renewDownload(same, wish, this.#context.ledger);
    const id = same?.id ?? this.#book.insert(target, wish);
    this.#want(id);
    return id;
  }

  /**
   * The download that brought a snapshot, or a new one for it, without starting it. The commit is what is wanted, not
   * where its branch is by now.
   */
  addIdle(target: DownloadTarget, commit: string, paths: readonly string[]): string {
    const known = this.#book.all().find(({ row }) => row.repo === target.repo && row.commit === commit);
    if (known) return known.id;
    const wish = addDownloadSchema.parse({ reference: target.repo, include: paths.map(literalPattern) });
    return this.#book.insert({ ...target, revision: commit }, wish);
  }

  /** Brings damaged contents of a download again, when it is its turn. Resolves to what prevented it, or to null. */
  repair(id: string, hashes: ReadonlySet<string>): Promise<ErrorData | null> {
    this.#repairs.set(id, hashes);
    const ended = this.#endWaits.of(id);
    this.#want(id);
    return ended;
  }

  /** Throws `BadRequest` while a download of this repository, into the same cache, is unfinished. */
  requireIdle(repo: string): void {
    requireIdle(this.#book.all(), repo, this.#options.cacheDir);
  }

  /** Forgets the finished downloads of a repository that was removed from the cache. */
  async forgetReady(repo: string): Promise<void> {
    const isOver = ({ row }: Download) => row.repo === repo && row.state === 'ready';
    for (const { id } of this.#book.all().filter(isOver)) await this.cancel(id, true);
  }

  /** Unknown ids throw `NotFound`. */
  get(id: string): Download {
    return this.#book.get(id);
  }

  async pause(id: string): Promise<void> {
    const download = this.get(id);
    const runner = this.#runners.get(id);
    this.#wanted.delete(id);
    if (runner) await runner.stop('pause');
    else if (download.isActive) {
      this.#enterIdle(download, 'paused');
      this.#endWaits.tell(download);
    }
    this.fill();
  }

  resume(id: string, acceptChanged: boolean): void {
    const download = this.get(id);
    if (acceptChanged) {
      renewDownload(download, { ...download.row.options, acceptChanged }, this.#context.ledger);
    }
    if (download.state === 'ready') return;
    this.#want(id);
    if (this.#runners.has(id)) this.retryNow(id);
  }

  async pauseAll(): Promise<void> {
    const active = this.#book.all().filter((download) => download.isActive);
    for (const { id } of active) this.#wanted.delete(id);
    await Promise.all(active.map(({ id }) => this.pause(id)));
  }

  resumeAll(): void {
    for (const { id, state } of this.#book.all()) if (state !== 'ready') this.#want(id);
  }

  retryNow(id: string | undefined): void {
    this.#context.gates.reset();
    for (const runner of this.#runners.values()) {
      if (id === undefined || runner.download.id === id) runner.retryNow();
    }
  }

  /** Drops all connections and makes safe what had arrived: the computer is about to sleep. {@link retryNow} goes on. */
  async suspend(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.rest()));
    await this.#context.checkpointer.flush();
  }

  move(id: string, position: number): void {
    this.#book.move(id, position);
    this.fill();
  }

  /** Stops and forgets a download. Without `keepPartial` the bytes that no other download needs go too. */
  async cancel(id: string, keepPartial: boolean): Promise<void> {
    const download = this.get(id);
    this.#wanted.delete(id);
    await this.#adoptions.end(id);
    await this.#runners.get(id)?.stop('cancel');
    if (!keepPartial) await removePartials(download, this.#book.all(), this.#context.ledger);
    this.#book.forget(id);
    await this.#context.ledger.sync();
    this.fill();
  }

  /**
   * Takes over what another tool's partial has and this download has not. It stands still meanwhile, and goes on by itself
   * if it was running. Throws `BadRequest` for a partial that is of no use.
   */
  async adopt(id: string, partial: string, named: string | undefined): Promise<Adopted> {
    const standStill = async () => {
      this.get(id); // It may have been cancelled meanwhile.
      const runner = this.#runners.get(id);
      await runner?.stop('shutdown');
      if (runner?.repairHashes.size) this.#repairs.set(id, runner.repairHashes);
    };
    try {
      return await this.#adoptions.adopt(this.get(id), partial, named, standStill);
    } finally {
      this.fill();
    }
  }

  /** What the inspector shows. */
  inspect(id: string): DownloadInspection {
    const download = this.get(id);
    const transfer = this.#runners.get(id)?.transfer ?? null;
    return { ...inspect(download, transfer, this.#context.ledger), stats: download.stats() };
  }

  /** Stops everything in order; resolves when all that had arrived is safe. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#tick);
    await this.#adoptions.close();
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop('shutdown')));
  }

  #want(id: string): void {
    const download = this.get(id);
    this.#wanted.add(id);
    if (!this.#runners.has(id)) this.#enterIdle(download, 'queued');
    this.fill();
  }

  #enterIdle(download: Download, state: 'queued' | 'paused'): void {
    const { ledger, clock, emit } = this.#context;
    // What was active when an engine ended is simply queued again.
    if (download.isActive) download.row = { ...download.row, state: 'queued', reason: null };
    download.enter(state, null, null);
    ledger.downloads.setState(download.id, state, null, null, clock.now());
    emit(download.progress());
  }

  /** Starts what is wanted, in order, up to the number that may run at once; for when that number changed. */
  fill(): void {
    if (this.#closed) return;
    const { atOnce } = this.#context.ledger.settings.get();
    const waiting = this.#book
      .all()
      .filter(({ id }) => this.#wanted.has(id) && !this.#runners.has(id) && !this.#adoptions.holds(id));
    for (const download of waiting.slice(0, Math.max(0, atOnce - this.#runners.size))) this.#start(download);
  }

  #start(download: Download): void {
    const { id, row } = download;
    const variant = this.#options.findVariant(row.model, row.variant);
    const runner = new Runner(download, variant, this.#repairs.get(id) ?? new Set(), this.#context);
    this.#repairs.delete(id);
    this.#runners.set(id, runner);
    void runner.ended
      .then(() => this.#ended(runner))
      .catch((error) => this.#context.log('error', classify(error).message));
  }

  #ended({ download }: Runner): void {
    const { id, state } = download;
    this.#runners.delete(id);
    if (state === 'ready' || state === 'failed') this.#wanted.delete(id);
    // Resumed while it was still stopping.
    else if (this.#wanted.has(id) && this.#book.has(id) && !this.#closed) this.#enterIdle(download, 'queued');
    if (!this.#wanted.has(id) || this.#closed) this.#endWaits.tell(download);
    if (download.cameToNothing && !this.#options.keepsFailures) this.#book.forget(id);
    this.fill();
  }

  /** One download a tick gets its numbers shown; each gets its turn. */
  #onTick(): void {
    const runners = [...this.#runners.values()];
    for (const runner of runners) runner.tick();
    if (runners.length === 0) return;
    this.#turn = (this.#turn + 1) % runners.length;
    const runner = runners[this.#turn];
    if (runner) this.#context.emit(runner.download.progress());
  }
}
