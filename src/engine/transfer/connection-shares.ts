/** Half-life of what a connection brought, in milliseconds: long enough to survive the time between two chunks. */
const HALF_LIFE_MS = 3000;
/** A connection that was given back so long ago has no successor. */
const HANDOVER_MS = 2000;

/** What one connection brought lately. It outlives the attempts: a connection goes from chunk to chunk. */
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

  /** Bytes, the older the less they count. */
  get recentBytes(): number {
    return this.#bytes * 0.5 ** ((this.#now() - this.#updatedMs) / HALF_LIFE_MS);
  }
}

/** The shares of the connections of a pool: an attempt that begins takes over what one that ended leaves behind. */
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

/** A speed divided among connections as they brought it; the parts sum to the whole. All 0 while none brought anything. */
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
