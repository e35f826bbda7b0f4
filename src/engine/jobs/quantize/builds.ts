import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/contract/errors.ts';
import type { BuildView } from '../../../shared/model/build.ts';
import { createFreedBytes } from '../../cache/freed-bytes.ts';
import { removeTree } from '../../cache/remove-tree.ts';
import { classify } from '../../errors/classify.ts';
import { Build } from './build.ts';
import type { BuildWish } from './build-wish.ts';
import type { BuildContext } from './context.ts';
import { growingFolder } from './install/made-folder.ts';
import { readProvenance } from './install/provenance.ts';
import { lookAt } from './plan-view.ts';
import type { PlannedBuild } from './planned-build.ts';
import { BuildSupervisor } from './supervisor.ts';

/** How often numbers are emitted. */
const TICK_MS = 500;
/** Ticks between two heartbeats of a verification. */
const HEARTBEAT_TICKS = 2;

/** All builds: one runs at a time, in the order of the requests. */
export class Builds {
  readonly #context: BuildContext;
  readonly #builds: Build[];
  /** Builds that this engine may run. */
  readonly #wanted = new Set<string>();
  readonly #tick: NodeJS.Timeout;
  #running: BuildSupervisor | null = null;
  #verifyingTicks = 0;
  #closed = false;

  constructor(context: BuildContext) {
    this.#context = context;
    this.#builds = context.ledger.builds.list().map((row) => new Build(row, context));
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
  }

  /** Restarts what was running when the engine ended. */
  startAll(): void {
    for (const build of this.#builds) if (build.isActive) this.#wanted.add(build.id);
    this.#fill();
  }

  list(): BuildView[] {
    return this.#builds.map((build) => build.view());
  }

  has(id: string): boolean {
    return this.#builds.some((build) => build.id === id);
  }

  /**
   * Adds a build, or continues the unfinished one of the same variant. Returns its id. An existing result from the same
   * source is ready at once. Throws `BadRequest` for what cannot be built, or exists from another source.
   */
  async start(wish: BuildWish): Promise<string> {
    const { planned, view } = await lookAt(wish, this.#context);
    const options = { rule: wish.rule, workers: wish.workers, force: wish.force };
    const same = this.#builds.find(
      ({ row }) => row.repo === wish.repo && row.variant === wish.variant && row.root === wish.root,
    );
    if (same && same.row.state !== 'ready') {
      this.#resume(same, { ...same.row, options, commit: planned.source.commit });
      return same.id;
    }
    const isThere = view.exists && !wish.force ? await this.#sameAsThere(view.path, planned) : null;
    if (isThere === false) throw alreadyThere(view.path);
    if (same) this.#forget(same);
    const build = this.#insert(wish, planned, options);
    this.#context.emit({ event: 'listed', download: '' });
    this.#context.emit({ event: 'build.planned', download: build.id, plan: view });
    if (isThere) this.#declareReady(build, planned, isThere);
    else {
      this.#wanted.add(build.id);
      this.#fill();
    }
    return build.id;
  }

  async pause(id: string): Promise<void> {
    const build = this.#get(id);
    this.#wanted.delete(id);
    if (this.#running?.build === build) await this.#running.stop('pause');
    else if (build.isActive) build.enter('paused');
    this.#fill();
  }

  /** Runs a build again; one that waits checks at once whether it can continue. */
  resume(id: string): void {
    const build = this.#get(id);
    if (build.row.state === 'ready') return;
    this.#resume(build, build.row);
    this.#running?.retryNow(id);
  }

  async pauseAll(): Promise<void> {
    const active = this.#builds.filter(({ isActive }) => isActive);
    for (const { id } of active) this.#wanted.delete(id);
    await Promise.all(active.map(({ id }) => this.pause(id)));
  }

  resumeAll(): void {
    for (const { id } of this.#builds) this.resume(id);
  }

  /** Ends the wait of the running build, if it waits: the computer woke, a disk was connected, or the user asked. */
  retryNow(): void {
    this.#running?.retryNow();
  }

  /** Makes durable what was produced, because the computer is about to sleep. */
  async suspend(): Promise<void> {
    await this.#running?.build.save();
  }

  /** Stops and deletes a build, with its output unless it is finished. */
  async cancel(id: string): Promise<void> {
    const build = this.#get(id);
    this.#wanted.delete(id);
    if (this.#running?.build === build) await this.#running.stop('cancel');
    const { root, repo, variant, state } = build.row;
    if (state !== 'ready') await removeTree(growingFolder(root, repo, variant), createFreedBytes());
    this.#forget(build);
    await this.#context.ledger.sync();
    this.#fill();
  }

  /** Deletes the finished build of a folder that was removed. */
  forgetReady(folder: string): void {
    const build = this.#builds.find((each) => each.folder === folder && each.row.state === 'ready');
    if (build) this.#forget(build);
  }

  /** Throws `BadRequest` while a build reads this repository or writes this folder. */
  requireIdle(what: { readonly repo?: string; readonly folder?: string }): void {
    const busy = this.#builds.find(
      (build) =>
        build.row.state !== 'ready' && (build.row.repo === what.repo || build.folder === what.folder),
    );
    if (!busy) return;
    throw new AppError(
      'BadRequest',
      `${busy.row.variant.toUpperCase()} is being made from ${busy.row.repo}.`,
      { details: { build: busy.id, remedy: 'cancel-first', id: busy.id } },
    );
  }

  /** Stops in order; what was produced is durable when it resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#tick);
    await this.#running?.stop('shutdown');
  }

  /** Returns the hashes of an existing result if it was built from the same source in the same way; else false. */
  async #sameAsThere(folder: string, { plan, stored }: PlannedBuild) {
    const there = await readProvenance(folder);
    const sources = there.sources ?? [there.source];
    const isSame =
      there.recipe.id === plan.recipe.id &&
      there.recipe.rule === plan.rule &&
      sources.every(({ sha256 }, index) => sha256 === stored.sources[index]?.sha256);
    return isSame && (there.outputs ?? [there.output]);
  }

  #declareReady(build: Build, { stored }: PlannedBuild, outputs: NonNullable<Build['row']['outputs']>): void {
    build.setPlan(stored);
    build.setOutputs(outputs);
    build.enter('ready');
    build.tellDone(null, {
      seconds: 0,
      readBytes: 0,
      writtenBytes: 0,
      recomputedUnits: 0,
      worstErrorInSteps: 0,
    });
  }

  #insert(wish: BuildWish, { source }: PlannedBuild, options: Build['row']['options']): Build {
    const { ledger, clock } = this.#context;
    const { model, variant, repo, cacheDir, root } = wish;
    const added = {
      id: randomBytes(4).toString('hex'),
      model,
      variant,
      repo,
      commit: source.commit,
      cacheDir,
      root,
      options,
      createdAt: clock.now(),
    };
    ledger.transaction(() => ledger.builds.add(added));
    const build = new Build(
      { ...added, plan: null, state: 'queued', reason: null, error: null, outputs: null },
      this.#context,
    );
    this.#builds.push(build);
    return build;
  }

  #resume(build: Build, row: Build['row']): void {
    this.#wanted.add(build.id);
    // A build that has just failed or paused is picked up when its run has ended completely.
    if (this.#running?.build === build && build.isActive) return;
    const { ledger } = this.#context;
    build.row = row;
    ledger.transaction(() => ledger.builds.setOptions(build.id, row.options));
    build.enter('queued');
    this.#fill();
  }

  #forget(build: Build): void {
    const { ledger, emit } = this.#context;
    this.#builds.splice(this.#builds.indexOf(build), 1);
    ledger.transaction(() => ledger.builds.remove(build.id));
    emit({ event: 'listed', download: '' });
  }

  /** Unknown ids throw `NotFound`. */
  #get(id: string): Build {
    const build = this.#builds.find((each) => each.id === id);
    if (build) return build;
    throw new AppError('NotFound', `There is no build ${id}.`, { details: { remedy: 'see-downloads' } });
  }

  #fill(): void {
    if (this.#closed || this.#running) return;
    const next = this.#builds.find(({ id, isActive }) => this.#wanted.has(id) && isActive);
    if (!next) return;
    const supervisor = new BuildSupervisor(next, this.#context);
    this.#running = supervisor;
    void supervisor.ended
      .catch((error) => this.#context.log('error', classify(error).message))
      .then(() => this.#ended(supervisor));
  }

  #ended({ build }: BuildSupervisor): void {
    this.#running = null;
    // Resumed while it was still stopping.
    if (build.row.state === 'paused' && this.#wanted.has(build.id) && !this.#closed) build.enter('queued');
    if (!build.isActive) this.#wanted.delete(build.id);
    this.#fill();
  }

  #onTick(): void {
    const build = this.#running?.build;
    if (!build) return;
    const { counters, row } = build;
    build.tell();
    this.#verifyingTicks = row.state === 'verifying' ? this.#verifyingTicks + 1 : 0;
    if (this.#verifyingTicks === 0 || this.#verifyingTicks % HEARTBEAT_TICKS !== 0) return;
    this.#context.emit({
      event: 'build.verifying',
      download: build.id,
      seconds: Math.round((this.#verifyingTicks * TICK_MS) / 1000),
      hashedBytes: counters.hashedBytes,
      totalBytes: row.plan?.outputBytes ?? 0,
    });
  }
}

function alreadyThere(path: string): AppError {
  return new AppError(
    'BadRequest',
    `${path} already exists, made from another source or in another way. Nothing was changed.`,
    { details: { path, remedy: 'replace' } },
  );
}
