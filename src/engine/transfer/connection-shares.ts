/** Half-life of a connection's byte count, in milliseconds: long enough to survive the gap between two chunks. */
const HALF_LIFE_MS = 3000;
/** A connection released longer ago than this has no successor. */
const HANDOVER_MS = 2000;

/** Recent bytes of one connection. Outlives the attempts, since a connection moves from chunk to chunk. */
export class ConnectionShare {
  readonly #now: () => number;
  #bytes = 0;
  #updatedMs: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#updatedMs = now();
  }

  add(bytes: number): void {
    this.#bytes = this.recentBytes + bytes;
    this.#updatedMs = this.#now();
  }

  /** Bytes received recently; older bytes count less. */
  get recentBytes(): number {
    return this.#bytes * 0.5 ** ((this.#now() - this.#updatedMs) / HALF_LIFE_MS);
  }
}

/** Tracks the shares of a scheduler's connections: a new attempt takes over the share of one that ended. */
export class ConnectionShares {
  readonly #now: () => number;
  #free: { readonly share: ConnectionShare; readonly sinceMs: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  take(): ConnectionShare {
    const now = this.#now();
    this.#free = this.#free.filter(({ sinceMs }) => now - sinceMs < HANDOVER_MS);
    return this.#free.shift()?.share ?? new ConnectionShare(this.#now);
  }

  giveBack(share: ConnectionShare): void {
    this.#free.push({ share, sinceMs: this.#now() });
  }
}

/**
 * Divides a speed among connections in proportion to their recent bytes; the parts add up to the whole. All are 0 while
 * no connection has received anything.
 */
export function dividedSpeed(bytesPerSecond: number, recentBytes: readonly number[]): readonly number[] {
  const all = recentBytes.reduce((sum, bytes) => sum + bytes, 0);
  let bytes = 0;
  let given = 0;
  return recentBytes.map((own) => {
    bytes += own;
    const part = all > 0 ? Math.round((bytesPerSecond * bytes) / all) - given : 0;
    given += part;
    return part;
  });
}
