/**
 * Decides whose numbers are reported at a tick: half of the running downloads, in turn. A single one is reported at
 * each tick.
 */
export class ProgressTurns {
  #turn = 0;

  next<T>(running: readonly T[]): readonly T[] {
    const told: T[] = [];
    for (let left = Math.ceil(running.length / 2); left > 0; left -= 1) {
      this.#turn = (this.#turn + 1) % running.length;
      const next = running[this.#turn];
      if (next !== undefined) told.push(next);
    }
    return told;
  }
}
