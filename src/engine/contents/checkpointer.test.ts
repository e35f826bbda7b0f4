import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { CheckedChunkRow } from '../ledger/chunks.ts';
import { NO_COUNTERS } from '../ledger/downloads.ts';
import type { Checkpoint } from '../ledger/ledger.ts';
import { Checkpointer, type CheckpointSource } from './checkpointer.ts';

const row = (index: number): CheckedChunkRow => ({
  index,
  received: [],
  sha256: null,
  suspect: false,
  checks: [],
});

/** A source that records its calls, and whose disk the test controls. */
class FakeSource implements CheckpointSource {
  readonly blobId: number;
  readonly log: string[];
  rows: CheckedChunkRow[] = [];
  taken: CheckedChunkRow[] = [];
  failures: AppError[] = [];
  disk: Promise<void> = Promise.resolve();

  constructor(blobId: number, log: string[]) {
    this.blobId = blobId;
    this.log = log;
  }

  takeChanges(): readonly CheckedChunkRow[] {
    this.taken = this.rows;
    this.rows = [];
    return this.taken;
  }

  async sync(): Promise<void> {
    this.log.push(`sync ${this.blobId}`);
    await this.disk;
  }

  settleChanges(ok: boolean): void {
    this.log.push(`settle ${this.blobId} ${ok}`);
    if (!ok) this.rows = [...this.taken, ...this.rows];
    this.taken = [];
  }

  checkpointFailed(error: AppError): void {
    this.failures.push(error);
  }
}

let log: string[];
let commits: Checkpoint[];
let ledger: (checkpoint: Checkpoint) => Promise<void>;
let source: FakeSource;
let checkpointer: Checkpointer;
let counters: Checkpoint['counters'];

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  commits = [];
  counters = [];
  ledger = async () => undefined;
  source = new FakeSource(1, log);
  checkpointer = new Checkpointer({
    commit: async (checkpoint) => {
      log.push('commit');
      await ledger(checkpoint);
      commits.push(checkpoint);
    },
    counters: () => counters,
    now: () => Date.now(),
  });
  checkpointer.add(source);
});
afterEach(() => {
  checkpointer.stop();
  vi.useRealTimers();
});

const touch = (index: number, of = source) => {
  of.rows.push(row(index));
  checkpointer.touch();
};
const indexes = () =>
  commits.map(({ chunks }) => chunks.flatMap(({ rows }) => rows.map(({ index }) => index)));

describe('a checkpoint', () => {
  it('syncs the bytes, then commits what they are, then notifies the source', async () => {
    const bytes = Promise.withResolvers<void>();
    source.disk = bytes.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['sync 1']);
    bytes.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['sync 1', 'commit', 'settle 1 true']);
  });

  it('does not notify the source before the ledger is durable', async () => {
    const safe = Promise.withResolvers<void>();
    ledger = () => safe.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(log).toEqual(['sync 1', 'commit']);
    safe.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(log.at(-1)).toBe('settle 1 true');
  });

  it('takes all sources and counters in one transaction', async () => {
    const second = new FakeSource(2, log);
    checkpointer.add(second);
    counters = [{ id: 'a', counters: NO_COUNTERS }];
    touch(0);
    touch(5, second);
    await vi.advanceTimersByTimeAsync(0);
    expect(commits).toEqual([
      {
        chunks: [
          { blobId: 1, rows: [row(0)] },
          { blobId: 2, rows: [row(5)] },
        ],
        counters,
      },
    ]);
  });

  it('leaves a source out that was removed', async () => {
    checkpointer.remove(source);
    touch(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(log).toEqual([]);
  });

  it('is not made when nothing changed', async () => {
    await checkpointer.flush();
    expect(log).toEqual([]);
  });
});

describe('release', () => {
  it('waits for a slow sync that is under way, and has nothing left to commit then', async () => {
    const bytes = Promise.withResolvers<void>();
    source.disk = bytes.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(10);
    const rows = checkpointer.release(source);
    await vi.advanceTimersByTimeAsync(500);
    expect(log).toEqual(['sync 1']);
    bytes.resolve();
    expect(await rows).toEqual([]);
    expect(indexes()).toEqual([[0]]);
  });

  it('returns what changed during the last cycle, and what that cycle could not commit', async () => {
    const safe = Promise.withResolvers<void>();
    ledger = () => safe.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(10);
    touch(1);
    const rows = checkpointer.release(source);
    safe.reject(new AppError('DiskFull', 'No room.'));
    expect(await rows).toEqual([row(0), row(1)]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(indexes()).toEqual([]);
  });
});

describe('the rhythm', () => {
  it('is at most one checkpoint a second, however often something changes', async () => {
    for (let ms = 0; ms < 5000; ms += 50) {
      touch(ms);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(commits.length).toBe(6); // At 0, 1, 2, 3, 4 and 5 s.
    await vi.advanceTimersByTimeAsync(1000);
    expect(indexes().flat()).toHaveLength(100);
  });

  it('takes changes that come during a checkpoint in the next one', async () => {
    const bytes = Promise.withResolvers<void>();
    source.disk = bytes.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(10);
    touch(1);
    bytes.resolve();
    await vi.advanceTimersByTimeAsync(2000);
    expect(indexes()).toEqual([[0], [1]]);
  });

  it('comes to rest when nothing changes any more', async () => {
    touch(0);
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('hold', () => {
  it('is open while everything is safe', () => {
    expect(checkpointer.hold()).toBeUndefined();
  });

  it('closes when the oldest unsafe byte is 1.7 s old, and opens when that byte is safe', async () => {
    const bytes = Promise.withResolvers<void>();
    source.disk = bytes.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(1699);
    expect(checkpointer.hold()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    const held = checkpointer.hold();
    expect(held).toBeInstanceOf(Promise);
    bytes.resolve();
    await held;
    expect(checkpointer.hold()).toBeUndefined();
  });

  it('stays closed after a slow checkpoint for bytes that arrived in the meantime and are old by now', async () => {
    const first = Promise.withResolvers<void>();
    source.disk = first.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(100);
    touch(1);
    await vi.advanceTimersByTimeAsync(3000);
    const held = checkpointer.hold();
    first.resolve();
    await held;
    const second = checkpointer.hold();
    expect(second).toBeInstanceOf(Promise);
    await second;
    expect(indexes()).toEqual([[0], [1]]);
    expect(checkpointer.hold()).toBeUndefined();
  });
});

describe('a failure', () => {
  const noSpace = () => Object.assign(new Error('full'), { code: 'ENOSPC' });

  it('of the disk puts the rows back, notifies the source, and does not reach the ledger', async () => {
    source.disk = Promise.reject(noSpace());
    source.disk.catch(() => undefined);
    touch(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(log.slice(0, 2)).toEqual(['sync 1', 'settle 1 false']);
    expect(commits.flatMap(({ chunks }) => chunks)).toEqual([]);
    expect(source.failures).toMatchObject([{ code: 'DiskFull' }]);
    source.disk = Promise.resolve();
    touch(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(indexes().at(-1)).toEqual([0, 1]);
  });

  it('of one disk does not touch the other source', async () => {
    const second = new FakeSource(2, log);
    checkpointer.add(second);
    source.disk = Promise.reject(noSpace());
    source.disk.catch(() => undefined);
    touch(0);
    touch(5, second);
    await vi.advanceTimersByTimeAsync(0);
    expect(commits).toEqual([{ chunks: [{ blobId: 2, rows: [row(5)] }], counters: [] }]);
    expect(second.failures).toEqual([]);
  });

  it('of the ledger puts the rows of every source back and notifies them', async () => {
    ledger = async () => {
      throw new AppError('DiskFull', 'full');
    };
    touch(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual(['sync 1', 'commit', 'settle 1 false']);
    expect(source.failures).toMatchObject([{ code: 'DiskFull' }]);
    expect(source.rows).toEqual([row(0)]);
  });
});

describe('rows of one source that the ledger refuses', () => {
  it('fail that source alone', async () => {
    const second = new FakeSource(2, log);
    checkpointer.add(second);
    ledger = async ({ chunks }) => {
      if (chunks.some(({ blobId }) => blobId === 1))
        throw new AppError('Internal', 'FOREIGN KEY constraint failed');
    };
    touch(0);
    touch(5, second);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.failures).toMatchObject([{ code: 'Internal' }]);
    expect(second.failures).toEqual([]);
    expect(commits.at(-1)).toEqual({ chunks: [{ blobId: 2, rows: [row(5)] }], counters: [] });
    expect(second.rows).toEqual([]);
  });
});

describe('flush', () => {
  it('makes everything known durable at once', async () => {
    touch(0);
    await vi.advanceTimersByTimeAsync(0);
    touch(1);
    await checkpointer.flush();
    expect(indexes()).toEqual([[0], [1]]);
  });

  it('waits for the checkpoint that is under way, and makes one more for what came since', async () => {
    const bytes = Promise.withResolvers<void>();
    source.disk = bytes.promise;
    touch(0);
    await vi.advanceTimersByTimeAsync(0);
    touch(1);
    const flushed = checkpointer.flush();
    bytes.resolve();
    await flushed;
    expect(indexes()).toEqual([[0], [1]]);
  });

  it('leaves no timer behind', async () => {
    touch(0);
    await checkpointer.flush();
    expect(vi.getTimerCount()).toBe(0);
  });
});
