import { join } from 'node:path';
import type { AppError, ErrorData } from '../../../shared/contract/errors.ts';
import type {
  BuildProgress,
  BuildState,
  BuildStats,
  BuildView,
  BuildWaitReason,
} from '../../../shared/model/build.ts';
import { isBuildActive } from '../../../shared/projection/build-totals.ts';
import type { BuildRow, BuiltFile, StoredPlan } from '../../ledger/builds.ts';
import type { BuildContext } from './context.ts';
import { madeFolder } from './install/made-folder.ts';
import { type BuildCounters, newCounters } from './make/counters.ts';

/** Between runs everything is durable. */
export const nothingToSave = async (): Promise<void> => undefined;

/** One build: its stored row, and the numbers of its run. Each change of state is stored and emitted. */
export class Build {
  row: BuildRow;
  counters: BuildCounters;
  /** Makes durable what this run has produced so far; there is nothing to save between runs. */
  save: () => Promise<void> = nothingToSave;
  #waitReason: BuildWaitReason | null = null;
  readonly #context: BuildContext;

  constructor(row: BuildRow, context: BuildContext) {
    this.row = row;
    this.#context = context;
    this.counters = newCounters(context.clock.monotonic);
  }

  get id(): string {
    return this.row.id;
  }

  /** True while it works, or would if it could. After a restart these run again. */
  get isActive(): boolean {
    return isBuildActive(this.row);
  }

  /** The folder that is built. */
  get folder(): string {
    return madeFolder(this.row.root, this.row.repo, this.row.variant);
  }

  /** Stores and emits a new state. */
  enter(state: BuildState, error: AppError | ErrorData | null = null): void {
    this.#waitReason = null;
    this.#enter(state, error);
  }

  /** The state `waiting`; continues by itself. */
  wait(waitReason: BuildWaitReason, error: AppError): void {
    this.#waitReason = waitReason;
    this.#enter('waiting', error);
  }

  #enter(state: BuildState, error: AppError | ErrorData | null): void {
    const reason = error?.message ?? null;
    const data = error && {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      details: error.details,
    };
    this.row = { ...this.row, state, reason, error: data };
    this.counters.speed.reset();
    const { ledger, clock } = this.#context;
    ledger.transaction(() => ledger.builds.setState(this.id, state, reason, data, clock.now()));
    this.tell();
  }

  /** Stores the plan. Units of another plan are deleted; returns true when there were any. */
  setPlan(plan: StoredPlan): boolean {
    const { ledger } = this.#context;
    const before = this.row.plan;
    const isOther = before !== null && JSON.stringify(before) !== JSON.stringify(plan);
    this.row = { ...this.row, plan };
    ledger.transaction(() => {
      if (isOther) ledger.builds.clearUnits(this.id);
      ledger.builds.setPlan(this.id, plan);
    });
    return isOther;
  }

  setOutputs(outputs: readonly BuiltFile[]): void {
    const { ledger } = this.#context;
    this.row = { ...this.row, outputs: [...outputs] };
    ledger.transaction(() => ledger.builds.setOutputs(this.id, outputs));
  }

  /** A new run counts from zero. */
  startCounting(): void {
    this.counters = newCounters(this.#context.clock.monotonic);
  }

  /** Deletes all units: they are produced again. */
  startOver(): void {
    const { ledger } = this.#context;
    ledger.transaction(() => ledger.builds.clearUnits(this.id));
    this.startCounting();
  }

  progress(): BuildProgress {
    const { row, counters } = this;
    const { plan, state } = row;
    const isReady = state === 'ready';
    const sourceBytes = plan?.sourceBytes ?? 0;
    const outputBytes = plan?.outputBytes ?? 0;
    const left =
      state === 'making' ? sourceBytes - counters.sourceBytesDone : outputBytes - counters.hashedBytes;
    const isMoving = state === 'making' || state === 'verifying';
    return {
      state,
      reason: row.reason,
      waitReason: this.#waitReason,
      sourceBytesDone: isReady ? sourceBytes : counters.sourceBytesDone,
      sourceBytes,
      writtenBytes: isReady ? outputBytes : counters.writtenBytes,
      durableBytes: isReady ? outputBytes : counters.durableBytes,
      outputBytes,
      bytesPerSecond: isMoving ? counters.speed.bytesPerSecond : 0,
      etaSeconds: isMoving ? counters.speed.etaSeconds(left) : null,
      unitsDone: isReady ? (plan?.units ?? 0) : counters.unitsDone,
      unitsTotal: plan?.units ?? 0,
      tensor: state === 'making' ? counters.tensor : null,
      hashedBytes: isReady ? outputBytes : counters.hashedBytes,
    };
  }

  view(): BuildView {
    const { id, model, variant, repo, commit, plan, error, outputs, createdAt } = this.row;
    return {
      id,
      kind: 'build',
      model,
      variant,
      source: { repo, commit, path: plan?.sourcePath ?? '' },
      path: this.folder,
      file: join(this.folder, plan?.file ?? ''),
      error,
      hash: outputs?.[0]?.sha256 ?? null,
      createdAt,
      ...this.progress(),
    };
  }

  /** Emits the progress. */
  tell(): void {
    this.#context.emit({ event: 'build.progress', download: this.id, ...this.progress() });
  }

  /** Emits the completion. `pinned` is null when the catalog lists no hash. */
  tellDone(pinned: boolean | null, stats: BuildStats): void {
    const [output] = this.row.outputs ?? [];
    this.#context.emit({
      event: 'build.done',
      download: this.id,
      path: this.folder,
      file: join(this.folder, output?.path ?? ''),
      size: output?.size ?? 0,
      hash: output?.sha256 ?? '',
      pinned,
      stats,
    });
  }
}
