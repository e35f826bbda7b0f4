import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../shared/contract/errors.ts';
import type { BuildWaitReason } from '../../../shared/model/build.ts';
import { requireRoom } from '../../disk/disk-guard.ts';
import { nearestExistingFolder } from '../../disk/nearest-existing-folder.ts';
import { classify } from '../../errors/classify.ts';
import type { Build } from './build.ts';
import type { BuildContext } from './context.ts';
import { planFromDisk } from './planned-build.ts';
import { runBuild } from './run-build.ts';

/** How often a full disk, a volume or a source that is gone is looked for. */
const POLL_MS = 3000;
/** Room for the units that are under way; the run itself asks for all it needs. */
const ROOM_TO_GO_ON_BYTES = 64 * 1024 * 1024;

/** Why a run was ended from outside. */
export type StopReason = 'pause' | 'cancel' | 'shutdown';

/** Keeps one build going until it is ready, fails, or is stopped; waits where the disk or the source must come back first. */
export class BuildSupervisor {
  readonly build: Build;
  readonly #context: BuildContext;
  readonly #stop = new AbortController();
  #stopReason: StopReason | null = null;
  /** Resolves when the run has ended; never rejects. */
  readonly ended: Promise<void>;

  constructor(build: Build, context: BuildContext) {
    this.build = build;
    this.#context = context;
    this.ended = this.#keepGoing();
  }

  /** Ends the run between two units; what was made is safe when it resolves. */
  async stop(reason: StopReason): Promise<void> {
    this.#stopReason ??= reason;
    this.#stop.abort(new AppError('Cancelled', 'The build was stopped.'));
    await this.ended;
  }

  async #keepGoing(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        return await runBuild(this.build, this.#context, signal);
      } catch (error) {
        const known = classify(error, { disk: this.build.folder });
        const wait = signal.aborted ? null : waitReasonOf(known, this.build);
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
      await sleep(POLL_MS, undefined, { signal });
      if (await this.#isBack(wait).catch(() => false)) return;
    }
  }

  async #isBack(wait: BuildWaitReason): Promise<boolean> {
    const { root } = this.build.row;
    switch (wait) {
      case 'source':
        await planFromDisk(this.build.row, this.#context);
        return true;
      case 'disk':
        await requireRoom(await nearestExistingFolder(root), ROOM_TO_GO_ON_BYTES);
        return true;
      case 'volume':
        await access(dirname(root));
        return true;
    }
  }

  #end(error: AppError): void {
    const { build } = this;
    try {
      if (this.#stopReason === 'pause') build.enter('paused');
      // What ended with the engine runs again with the next one.
      else if (this.#stopReason === null) this.#fail(error);
    } catch (cause) {
      this.#context.log('error', `The ledger did not keep how a build ended: ${classify(cause).message}`);
    }
  }

  #fail(error: AppError): void {
    const { build } = this;
    // What came of a wrong source is worth nothing.
    if (error.details.source === true) build.startOver();
    build.enter('failed', error.message, error);
    const { code, message, retryable } = error;
    this.#context.emit({ event: 'build.failed', download: build.id, code, message, retryable });
  }
}

/** What a build waits for after an error that time may mend; null for one that it does not. */
function waitReasonOf(error: AppError, build: Build): BuildWaitReason | null {
  if (error.code === 'DiskFull' && error.retryable) return 'disk';
  if (error.code === 'NotFound' && error.details.source === true) return 'source';
  if (error.code !== 'DiskMissing') return null;
  const path = String(error.details.path ?? '');
  return path.startsWith(build.row.root) ? 'volume' : 'source';
}

function told(wait: BuildWaitReason, error: AppError, build: Build): AppError {
  if (wait !== 'source') return error;
  const what = `${build.row.repo} is gone from this disk`;
  return new AppError('NotFound', `${what}. What was made is safe; it goes on when the model is back.`, {
    details: { ...error.details, source: true },
  });
}
