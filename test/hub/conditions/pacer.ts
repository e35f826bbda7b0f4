import { pause } from './pause.ts';

/** Lets bytes pass at a given rate. */
export interface Pacer {
  /** Resolves when `bytes` bytes may be sent; at once without a limit, and when the signal is aborted. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  /** Bytes that may be requested at once, so that a limited stream flows evenly. */
  readonly blockBytes: number;
}

/** Lateness that is made up for: that of timers. After a longer gap the stream was idle, and gets nothing for it. */
const CATCH_UP_MS = 150;
const SLICE_MS = 40;
const MAX_BLOCK_BYTES = 256 * 1024;
const MAX_WAIT_MS = 50;

/**
 * A pacer on a virtual clock: each block moves the moment at which the next one is due, so timers that fire late do not
 * add up. The limit is read again while waiting: null is no limit, bytes per second otherwise. A waiter that leaves
 * returns its reserved time: otherwise ten connections that are cut together would cost the link ten blocks that nobody
 * sends.
 */
export function pacer(limit: () => number | null, now: () => number): Pacer {
  let dueAt = Number.NEGATIVE_INFINITY;
  let lastLimit = limit();
  /** Blocks that wait, in the order in which they came. */
  const queue = new Set<{ dueAt: number }>();
  const current = () => {
    const rate = limit();
    if (rate !== lastLimit) {
      lastLimit = rate;
      dueAt = now();
    }
    return rate;
  };
  const giveBack = (left: { dueAt: number }, ms: number) => {
    for (const other of queue) if (other.dueAt > left.dueAt) other.dueAt -= ms;
    dueAt -= ms;
  };
  return {
    async take(bytes, signal) {
      const rate = current();
      if (rate === null || signal.aborted) return;
      const idle = dueAt < now() - CATCH_UP_MS;
      const ms = (bytes / rate) * 1000;
      dueAt = (idle ? now() : dueAt) + ms;
      const mine = { dueAt };
      queue.add(mine);
      while (!signal.aborted && current() === rate && now() < mine.dueAt) {
        await pause(Math.min(MAX_WAIT_MS, mine.dueAt - now()), signal);
      }
      queue.delete(mine);
      const unusedMs = mine.dueAt - now();
      if (signal.aborted && current() === rate && unusedMs > 0) giveBack(mine, Math.min(ms, unusedMs));
    },
    get blockBytes() {
      const rate = limit();
      return rate === null ? MAX_BLOCK_BYTES : clampBlock((rate * SLICE_MS) / 1000);
    },
  };
}

function clampBlock(bytes: number): number {
  return Math.max(1, Math.min(MAX_BLOCK_BYTES, Math.floor(bytes)));
}
