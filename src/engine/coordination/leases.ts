import { untilAborted } from './keyed-mutex.ts';

/** `shared`: others may use the resource too, as long as it stays. `exclusive`: nobody else uses it. */
export type LeaseMode = 'shared' | 'exclusive';

/** A request waiting for a lease. */
interface Waiting {
  readonly mode: LeaseMode;
  readonly grant: () => void;
}

/** The holders of a resource and those that wait for it, first come first served. */
interface Held {
  shared: number;
  isExclusive: boolean;
  readonly waiting: Waiting[];
}

/**
 * Leases on resources that several jobs use and one may remove: a repository folder is shared by downloads and checks,
 * and held exclusively while it is removed. This prevents a removal from deleting what a download added in the meantime
 * has just begun. A holder must not request the same key again before it has released its lease.
 */
export class Leases {
  readonly #held = new Map<string, Held>();

  /**
   * Resolves to a function that releases the lease, which may be called more than once. Rejects with the signal's
   * reason when that comes first.
   */
  async acquire(key: string, mode: LeaseMode, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const held = this.#held.get(key) ?? { shared: 0, isExclusive: false, waiting: [] };
    this.#held.set(key, held);
    const { promise: granted, resolve: grant } = Promise.withResolvers<void>();
    const entry = { mode, grant };
    held.waiting.push(entry);
    this.#advance(key, held);
    try {
      await untilAborted(granted, signal);
    } catch (error) {
      if (held.waiting.includes(entry)) held.waiting.splice(held.waiting.indexOf(entry), 1);
      else release(held, mode); // Granted in the same turn in which it was released.
      this.#advance(key, held);
      throw error;
    }
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      release(held, mode);
      this.#advance(key, held);
    };
  }

  /** Grants the resource to all at the front who can hold it together. */
  #advance(key: string, held: Held): void {
    for (let [first] = held.waiting; first && isFree(held, first.mode); [first] = held.waiting) {
      held.waiting.shift();
      if (first.mode === 'exclusive') held.isExclusive = true;
      else held.shared += 1;
      first.grant();
    }
    if (isFree(held, 'exclusive') && held.waiting.length === 0) this.#held.delete(key);
  }
}

function isFree({ shared, isExclusive }: Held, mode: LeaseMode): boolean {
  return !isExclusive && (mode === 'shared' || shared === 0);
}

function release(held: Held, mode: LeaseMode): void {
  if (mode === 'exclusive') held.isExclusive = false;
  else held.shared -= 1;
}
