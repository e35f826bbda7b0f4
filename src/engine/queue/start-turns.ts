import type { Schedule } from '../../shared/model/schedule.ts';
import type { DownloadContext } from '../contents/context.ts';
import { closedUntil } from './running-hours.ts';

/** What of those that wait is started, and what becomes of the others. */
export interface Turns<D> {
  readonly start: readonly D[];
  readonly later: readonly D[];
  /** When the others run, in milliseconds since the epoch; null when they wait for their turn alone. */
  readonly closedUntilMs: number | null;
}

/**
 * Whose turn it is. In order, up to the number that may run at once, in the hours that were set; what the user wants now is started in any
 * case, and counts as one that runs.
 */
export class StartTurns {
  readonly #context: Pick<DownloadContext, 'ledger' | 'clock'>;
  readonly #urgent = new Set<string>();
  #schedule: Schedule | null;
  #closedUntilMs: number | null;

  constructor(context: Pick<DownloadContext, 'ledger' | 'clock'>) {
    this.#context = context;
    this.#schedule = context.ledger.settings.get().schedule;
    this.#closedUntilMs = closedUntil(this.#schedule, context.clock.now());
  }

  /** The user wants it now. */
  insist(id: string): void {
    this.#urgent.add(id);
  }

  /** It is paused, over or gone. */
  forget(id: string): void {
    this.#urgent.delete(id);
  }

  /** True while this one may run. */
  mayRun(id: string): boolean {
    return this.#closedUntilMs === null || this.#urgent.has(id);
  }

  /** The hours were changed in the settings. */
  readSchedule(): void {
    this.#schedule = this.#context.ledger.settings.get().schedule;
  }

  /** Looks at the clock. True when the hours began or ended since the last look, or are others. */
  look(): boolean {
    const before = this.#closedUntilMs;
    this.#closedUntilMs = closedUntil(this.#schedule, this.#context.clock.now());
    return before !== this.#closedUntilMs;
  }

  /** Whose turn it is of those that wait, in this order, while so many run. */
  next<D extends { readonly id: string }>(waiting: readonly D[], running: number): Turns<D> {
    const urgent = waiting.filter(({ id }) => this.#urgent.has(id));
    const others = waiting.filter(({ id }) => !this.#urgent.has(id));
    const closedUntilMs = this.#closedUntilMs;
    const { atOnce } = this.#context.ledger.settings.get();
    const free = closedUntilMs === null ? Math.max(0, atOnce - running - urgent.length) : 0;
    return { start: [...urgent, ...others.slice(0, free)], later: others.slice(free), closedUntilMs };
  }
}
