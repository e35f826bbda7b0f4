import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../shared/contract/errors.ts';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { BuildWaitReason } from '../../../shared/model/build.ts';
import { classify } from '../../errors/classify.ts';
import type { Build } from './build.ts';
import type { BuildContext } from './context.ts';
import { requireRoot } from './install/made-folder.ts';
import { planFromDisk } from './planned-build.ts';
import { roomOf } from './room.ts';
import { runBuild } from './run-build.ts';

/** How often to check for a full disk, or a volume or source that is gone. */
const POLL_MS = 3000;

/** Why a run was stopped from outside. */
export type StopReason = 'pause' | 'cancel' | 'shutdown';

/**
 * Keeps one build going until it is ready, fails, or is stopped; waits when the disk or the source must come back
 * first.
 */
export class BuildSupervisor {
  readonly build: Build;
  readonly #context: BuildContext;
  readonly #stop = new AbortController();
  #stopReason: StopReason | null = null;
  #lookNow = new AbortController();
  /** Resolves when the run has ended; never rejects. */
  readonly ended: Promise<void>;

  constructor(build: Build, context: BuildContext) {
    this.build = build;
    this.#context = context;
    this.ended = this.#keepGoing();
  }

  /** Ends the run between two units; the output is durable when it resolves. */
  async stop(reason: StopReason): Promise<void> {
    this.#stopReason ??= reason;
    this.#stop.abort(new AppError('Cancelled', 'The build was stopped.'));
    await this.ended;
  }

  /** Checks at once whether it can continue, unless `id` names another build. */
  retryNow(id: string = this.build.id): void {
    if (id === this.build.id) this.#lookNow.abort();
  }

  async #keepGoing(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        return await runBuild(this.build, this.#context, signal);
      } catch (error) {
        const known = classify(error, { disk: this.build.folder });
        const mayWait = !signal.aborted && this.#context.waitsForDisk;
        const wait = mayWait ? waitReasonOf(known, this.build) : null;
        if (wait === null) return this.#end(known);
        this.build.wait(wait, told(wait, known, this.build));
        await this.#until(wait).catch(() => undefined);
      }
    }
    this.#end(new AppError('Cancelled', 'The build was stopped.'));
  }

  async #until(wait: BuildWaitReason): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      this.#lookNow = new AbortController();
      const either = AbortSignal.any([signal, this.#lookNow.signal]);
      await sleep(POLL_MS, undefined, { signal: either }).catch(() => undefined);
      signal.throwIfAborted();
      if (await this.#isBack(wait).catch(() => false)) return;
    }
  }

  async #isBack(wait: BuildWaitReason): Promise<boolean> {
    const { row } = this.build;
    switch (wait) {
      case 'source':
        await planFromDisk(row, this.#context);
        return true;
      case 'disk':
        await this.#requireRoom();
        return true;
      case 'volume':
        await requireRoot(row.root, row.plan !== null);
        return true;
    }
  }

  async #requireRoom(): Promise<void> {
    const { id, row } = this.build;
    const { folder, totalBytes, presentBytes } = await roomOf(row, await planFromDisk(row, this.#context));
    await this.#context.diskBudget.requireRoom(id, folder, totalBytes - presentBytes);
  }

  #end(error: AppError): void {
    const { build } = this;
    try {
      if (this.#stopReason === 'pause') build.enter('paused');
      // What ended with the engine runs again with the next one.
      else if (this.#stopReason === null) this.#fail(error);
    } catch (cause) {
      this.#context.log(
        'error',
        `Haulyard’s download record didn’t keep how a build ended: ${classify(cause).message}`,
      );
    }
  }

  #fail(error: AppError): void {
    const { build } = this;
    // The output from a wrong source is worthless.
    if (error.details.source === true) build.startOver();
    build.enter('failed', error);
    const { code, message, retryable } = error;
    this.#context.emit({ event: 'build.failed', download: build.id, code, message, retryable });
  }
}

/** Returns what a build waits for after an error that may pass; null for one that does not. */
function waitReasonOf(error: AppError, build: Build): BuildWaitReason | null {
  if (error.code === 'DiskFull' && error.retryable) return 'disk';
  if (error.code === 'NotFound' && error.details.source === true) return 'source';
  if (error.code !== 'DiskMissing') return null;
  const path = String(error.details.path ?? '');
  return path.startsWith(build.row.root) ? 'volume' : 'source';
}

/** Returns the error of a wait in terms of a build: what happened, what is safe, what comes next. */
function told(wait: BuildWaitReason, error: AppError, { row }: Build): AppError {
  if (wait === 'volume') return error;
  if (wait === 'source') {
    const message = `Can’t find ${row.repo} on this disk. Your progress is saved; it continues when the model is back.`;
    return new AppError('NotFound', message, { details: { ...error.details, source: true } });
  }
  const { missingBytes } = error.details;
  const what = typeof missingBytes === 'number' ? formatBytes(missingBytes) : 'some space';
  const message = `Not enough space on the disk of ${row.root}. Free up ${what}; it continues by itself. Your progress is saved.`;
  return new AppError('DiskFull', message, { details: error.details });
}
