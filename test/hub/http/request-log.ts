import { setTimeout as wait } from 'node:timers/promises';
import type { ByteRange } from './range.ts';

/** Which of the two servers received the request. */
export type Origin = 'hub' | 'cdn';

/** A request and what became of it. Grows while it is being answered. */
export interface RequestRecord {
  /** Milliseconds since the epoch at its arrival. */
  readonly time: number;
  readonly origin: Origin;
  readonly method: string;
  readonly url: string;
  /** The path of the URL, percent-encoded as it came. */
  readonly path: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the Range header asks for; both ends inclusive, an open end is Infinity. */
  readonly range: ByteRange | null;
  /** Repository id, when the URL names one. */
  repo: string | null;
  /** Path inside the repository, when the URL names a file. */
  file: string | null;
  /** Null until the headers of the answer are sent. */
  status: number | null;
  /** Bytes of the body that were handed to the socket. */
  bytesSent: number;
  /** True when the connection ended before the response was complete, whoever ended it. */
  aborted: boolean;
  /** Milliseconds since the epoch when the answer was complete or given up; null while it is running. */
  endedAt: number | null;
  readonly remotePort: number;
}

/** Options of {@link RequestLog.waitFor}. */
export interface WaitOptions {
  /** Milliseconds; 10 000 by default. */
  readonly timeoutMs?: number;
}

/** All requests in the order in which they came, and a way to wait for one. */
export interface RequestLog {
  readonly records: RequestRecord[];
  add(record: RequestRecord): void;
  /** Tells those who wait that a record has grown. */
  touch(record: RequestRecord): void;
  /** The first record, past or future, for which the predicate holds. Rejects after the timeout. */
  waitFor(predicate: (record: RequestRecord) => boolean, options?: WaitOptions): Promise<RequestRecord>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** A log that keeps the last `capacity` records. */
export function requestLog(capacity: number): RequestLog {
  const records: RequestRecord[] = [];
  const waiters = new Set<(record: RequestRecord) => void>();
  return {
    records,
    add(record) {
      records.push(record);
      if (records.length > capacity) records.splice(0, Math.ceil(capacity / 10));
      for (const waiter of waiters) waiter(record);
    },
    touch(record) {
      for (const waiter of waiters) waiter(record);
    },
    async waitFor(predicate, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) {
      const known = records.find(predicate);
      if (known !== undefined) return known;
      const { promise, resolve } = Promise.withResolvers<RequestRecord>();
      const waiter = (record: RequestRecord) => predicate(record) && resolve(record);
      const stop = new AbortController();
      waiters.add(waiter);
      try {
        return await Promise.race([promise, timeoutAfter(timeoutMs, stop.signal)]);
      } finally {
        waiters.delete(waiter);
        stop.abort();
      }
    },
  };
}

async function timeoutAfter(ms: number, signal: AbortSignal): Promise<never> {
  await wait(ms, undefined, { signal }).catch(() => {});
  throw new Error(`No such request came within ${ms} ms.`);
}
