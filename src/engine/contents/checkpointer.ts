import type { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import type { DownloadCounters } from '../ledger/downloads.ts';
import type { Checkpoint } from '../ledger/ledger.ts';

/** Minimum interval between checkpoints while bytes arrive: at most one sync and one transaction a second. */
const INTERVAL_MS = 1000;
/**
 * When the oldest byte missing from the ledger is this old, reading from the network pauses. A kill therefore never
 * costs more than 2 s of transfer, even where the disk is slower than the network.
 */
const HOLD_AFTER_MS = 1700;

/** A partial file whose progress is made durable. */
export interface CheckpointSource {
  readonly blobId: number;
  /** Returns what changed since the last call, as of now. Empty when nothing did. */
  takeChanges(): readonly CheckedChunkRow[];
  /** Resolves when every byte written before the call is on disk. */
  sync(): Promise<void>;
  /** The changes taken last are in the ledger (or, when `ok` is false, must be taken again). */
  settleChanges(ok: boolean): void;
  /** Called when the disk failed during a checkpoint of this source. */
  checkpointFailed(error: AppError): void;
}

export interface CheckpointerDeps {
  readonly commit: (checkpoint: Checkpoint) => Promise<void>;
  /** What the active downloads have cost so far. */
  readonly counters: () => ReadonlyArray<{ readonly id: string; readonly counters: DownloadCounters }>;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/**
 * Makes progress durable in the only possible order: sync the bytes, commit one transaction that describes them, sync
 * that transaction. One cycle at a time serves all downloads.
 */
export class Checkpointer {
  readonly #deps: CheckpointerDeps;
  readonly #sources = new Set<CheckpointSource>();
  #timer: NodeJS.Timeout | null = null;
  #cycle: Promise<void> | null = null;
  #cycleStartedMs = Number.NEGATIVE_INFINITY;
  /** When the oldest byte was written that no cycle has taken yet, and the oldest that the running cycle has taken. */
  #oldestMs: number | null = null;
  #oldestInCycleMs: number | null = null;

  constructor(deps: CheckpointerDeps) {
    this.#deps = deps;
  }

  add(source: CheckpointSource): void {
    this.#sources.add(source);
  }

  /** Removes a source without a last checkpoint; call {@link flush} or {@link release} first where its rows matter. */
  remove(source: CheckpointSource): void {
    this.#sources.delete(source);
  }

  /**
   * Removes a source once no cycle works on it any more, and returns the rows that are not committed: those that
   * changed since the last cycle, and those of a cycle that failed. Without the wait, a file renamed during a slow sync
   * would look lost to that cycle, and the rows it had taken would be dropped.
   */
  async release(source: CheckpointSource): Promise<readonly CheckedChunkRow[]> {
    while (this.#cycle) await this.#cycle;
    this.#sources.delete(source);
    return source.takeChanges();
  }

  /** Call when something changed in a source. */
  touch(): void {
    this.#oldestMs ??= this.#deps.now();
    this.#schedule();
  }

  /** Returns undefined, or a promise that resolves when reading from the network may continue. */
  hold(): Promise<void> | undefined {
    const oldest = this.#oldestInCycleMs ?? this.#oldestMs;
    if (oldest === null || this.#deps.now() - oldest < HOLD_AFTER_MS) return undefined;
    return this.#cycle ?? this.#run();
  }

  /** Resolves when everything known now is durable, or has failed to become so. */
  async flush(): Promise<void> {
    await this.#cycle;
    await (this.#cycle ?? this.#run());
  }

  /** Stops the timer. Call {@link flush} first. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#timer || this.#cycle) return;
    const delayMs = Math.max(0, this.#cycleStartedMs + INTERVAL_MS - this.#deps.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, delayMs);
  }

  #run(): Promise<void> {
    this.stop();
    this.#cycleStartedMs = this.#deps.now();
    this.#oldestInCycleMs = this.#oldestMs;
    this.#oldestMs = null;
    const cycle = this.#checkpoint().finally(() => {
      this.#cycle = null;
      this.#oldestInCycleMs = null;
      if (this.#oldestMs !== null) this.#schedule();
    });
    this.#cycle = cycle;
    return cycle;
  }

  async #checkpoint(): Promise<void> {
    const taken = [...this.#sources]
      .map((source) => ({ source, rows: source.takeChanges() }))
      .filter(({ rows }) => rows.length > 0);
    const counters = this.#deps.counters();
    if (taken.length === 0 && counters.length === 0) return;
    const synced = await Promise.all(taken.map(({ source, rows }) => syncOne(source, rows)));
    const safe = synced.filter((entry) => entry !== null);
    const failure = await this.#commit(safe, counters);
    // A source whose rows the ledger rejects must not fail the others, which share only the transaction with it.
    if (failure?.code === 'Internal' && safe.length > 1) {
      for (const entry of safe) settle([entry], await this.#commit([entry], counters));
    } else settle(safe, failure);
  }

  /** Returns null, or the reason why the ledger rejected the transaction, which then left nothing behind. */
  async #commit(entries: readonly Synced[], counters: Checkpoint['counters']): Promise<AppError | null> {
    const chunks = entries.map(({ source, rows }) => ({ blobId: source.blobId, rows }));
    return this.#deps.commit({ chunks, counters }).then(
      () => null,
      (error) => classify(error, { disk: 'the cache' }),
    );
  }
}

/** A source whose bytes are on disk, and the rows that describe them. */
interface Synced {
  readonly source: CheckpointSource;
  readonly rows: readonly CheckedChunkRow[];
}

function settle(entries: readonly Synced[], failure: AppError | null): void {
  for (const { source } of entries) {
    if (failure) reject(source, failure);
    else source.settleChanges(true);
  }
}

async function syncOne(source: CheckpointSource, rows: readonly CheckedChunkRow[]): Promise<Synced | null> {
  try {
    await source.sync();
    return { source, rows };
  } catch (error) {
    reject(source, error);
    return null;
  }
}

function reject(source: CheckpointSource, error: unknown): void {
  source.settleChanges(false);
  source.checkpointFailed(classify(error, { disk: 'the cache' }));
}
