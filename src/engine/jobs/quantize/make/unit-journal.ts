/** Makes units durable. */
export interface JournalDeps {
  /** Resolves when everything written to the targets is on disk. */
  readonly syncTargets: () => Promise<void>;
  /** Commits rows of units, and resolves when they are on disk. */
  readonly commit: (units: ReadonlyArray<readonly [number, string]>) => Promise<void>;
  /** Called with the units that have become durable. */
  readonly onDurable: (units: readonly number[]) => void;
}

/** At most one sync and one transaction in this time. A crash costs no more work than this. */
const INTERVAL_MS = 1000;

/**
 * Makes units durable in the order that a crash requires: first their bytes, then their row. A unit that was not made
 * durable is simply produced again.
 */
export class UnitJournal {
  readonly #deps: JournalDeps;
  #pending: Array<readonly [number, string]> = [];
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(deps: JournalDeps) {
    this.#deps = deps;
  }

  /** Takes a unit whose bytes were written. Throws what an earlier sync threw. */
  add(unit: number, checks: string): void {
    if (this.#failure) throw this.#failure.error;
    this.#pending.push([unit, checks]);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.flush().catch(() => undefined); // The next add or flush throws it.
    }, INTERVAL_MS);
  }

  /** Makes everything that was added durable now. Throws what the disk or the ledger throws. */
  flush(): Promise<void> {
    this.#running = this.#running.then(() => this.#write());
    return this.#running;
  }

  /** Stops the timer; what is pending is produced again at the next start. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #write(): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    const units = this.#pending;
    if (units.length === 0) return;
    this.#pending = [];
    try {
      await this.#deps.syncTargets();
      await this.#deps.commit(units);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#deps.onDurable(units.map(([unit]) => unit));
  }
}
