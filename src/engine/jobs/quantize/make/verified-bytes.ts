import type { BuildPlan } from '../plan/plan-build.ts';
import type { BuildCounters } from './counters.ts';

/**
 * How much of the result is verified: what both have passed, the thread that reads it back and those that make parts of it again.
 * Either of them alone would say that all is done while the other is still at work. What is looked at a second time adds nothing.
 */
export class VerifiedBytes {
  readonly #counters: BuildCounters;
  readonly #outputBytes: number;
  #hashed = 0;
  /** Headers belong to no unit. */
  #checked: number;

  constructor({ units, outputBytes }: BuildPlan, counters: BuildCounters) {
    this.#counters = counters;
    this.#outputBytes = outputBytes;
    this.#checked = outputBytes - units.reduce((sum, { targetBytes }) => sum + targetBytes, 0);
  }

  hashed(bytes: number): void {
    this.#hashed += bytes;
    this.#show();
  }

  checked(bytes: number): void {
    this.#checked += bytes;
    this.#show();
  }

  #show(): void {
    const more = Math.min(this.#hashed, this.#checked, this.#outputBytes) - this.#counters.hashedBytes;
    if (more <= 0) return;
    this.#counters.hashedBytes += more;
    this.#counters.speed.add(more);
  }
}
