import { readFile, rename, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_COUNTERS } from './downloads.ts';
import { HEARTBEAT_MS, takeLock } from './lock.ts';
import { migrate } from './migrate.ts';
import { openForWriting } from './open-database.ts';
import { type Ledger, ownLedger } from './owned-ledger.ts';
import { ownIdentity } from './process-identity.ts';
import { makeTestData, newDownload, type TestData } from './test-ledger.ts';

let data: TestData;
beforeEach(async () => {
  data = await makeTestData();
});
afterEach(async () => {
  vi.useRealTimers();
  await data.remove();
});

const blob = { folder: '/f', hash: 'h', algorithm: 'sha256', size: 10, chunkBytes: 10 } as const;
const row = {
  index: 0,
  received: [{ start: 0, end: 10 }],
  sha256: 'ab'.repeat(32),
  suspect: false,
  checks: [{ start: 0, end: 10, crc: 7 }],
};

describe('transaction', () => {
  it('keeps nothing of work that failed', async () => {
    const ledger = await data.open();
    const work = () => {
      ledger.downloads.add(newDownload('a'));
      throw new Error('no');
    };
    expect(() => ledger.transaction(work)).toThrow(expect.objectContaining({ code: 'Internal' }));
    expect(ledger.downloads.list()).toEqual([]);
  });

  it('is rejected once another run owns the ledger, and the owner is notified once', async () => {
    const ledger = await data.open();
    data.raw((database) => database.prepare("UPDATE lock SET run_id = 'thief'").run());
    const add = () => ledger.transaction(() => ledger.downloads.add(newDownload('a')));
    expect(add).toThrow(expect.objectContaining({ code: 'LedgerBusy', retryable: false }));
    expect(add).toThrow();
    expect(ledger.downloads.list()).toEqual([]);
    expect(data.lost.count).toBe(1);
  });
});

describe('a write outside of a transaction', () => {
  it.each<[string, (ledger: Ledger) => unknown]>([
    ['a state', ({ downloads }) => downloads.setState('a', 'paused', null, null, 1)],
    ['counters', ({ downloads }) => downloads.setCounters('a', NO_COUNTERS)],
    ['an installed file', ({ files }) => files.setInstalled('a', 'b', true)],
    ['a content', ({ blobs }) => blobs.ensure(blob)],
    ['a check', ({ checks }) => checks.save('/f', { identity: 'i', hash: 'h', checkedAt: 1, ok: true })],
    ['a setting', ({ settings }) => settings.set({ atOnce: 3 })],
    ['a host', ({ hosts }) => hosts.remember('hub.example', 4, 1)],
  ])('(%s) is refused once another run owns the ledger', async (_, write) => {
    const ledger = await data.open();
    data.raw((database) => database.prepare("UPDATE lock SET run_id = 'thief'").run());
    expect(() => write(ledger)).toThrow(expect.objectContaining({ code: 'LedgerBusy' }));
    expect(data.lost.count).toBe(1);
    expect(ledger.downloads.list()).toEqual([]);
  });
});

describe('commit', () => {
  it('fails with DiskFull on a full disk, keeps nothing of it, and works once there is room', async () => {
    const database = openForWriting(data.file);
    migrate(database);
    takeLock(database, { ...ownIdentity(), runId: 'r', program: 'a test', heartbeatAt: 0 });
    const options = { dataDir: data.dataDir, runId: 'r', program: 'a test', now: Date.now };
    const ledger = ownLedger(database, data.file, null, { ...options, log: vi.fn(), onLost: vi.fn() });
    const { id } = ledger.blobs.ensure({ ...blob, size: 200_000 });
    const rows = Array.from({ length: 20_000 }, (_, index) => ({ ...row, index }));
    const pages = Number(database.pragma('page_count', { simple: true }));
    // A database that may not grow fails like one on a full disk: SQLITE_FULL.
    database.pragma(`max_page_count = ${pages + 2}`);
    const commit = () => ledger.commit({ chunks: [{ blobId: id, rows }], counters: [] });
    await expect(commit()).rejects.toMatchObject({ code: 'DiskFull', retryable: true });
    expect(ledger.chunks.list(id)).toEqual([]);
    database.pragma('max_page_count = 1000000');
    await commit();
    expect(ledger.chunks.list(id)).toHaveLength(20_000);
    await ledger.close();
  });

  it('notifies an owner whose ledger was moved away', async () => {
    const ledger = await data.open();
    await rename(data.file, `${data.file}.moved`);
    await expect(ledger.commit({ chunks: [], counters: [] })).rejects.toMatchObject({ code: 'LedgerBusy' });
    expect(data.lost.count).toBe(1);
  });

  it('notifies an owner whose ledger was replaced by another one', async () => {
    const ledger = await data.open();
    await rename(data.file, `${data.file}.moved`);
    await writeFile(data.file, '');
    await expect(ledger.sync()).rejects.toMatchObject({ code: 'LedgerBusy' });
  });
});

describe('heartbeat', () => {
  it('renews the lock for as long as the ledger is open', async () => {
    vi.useFakeTimers();
    const ledger = await data.open();
    vi.advanceTimersByTime(2 * HEARTBEAT_MS);
    const beat = data.raw((database) => database.prepare('SELECT heartbeat_at FROM lock').pluck().get());
    expect(beat).toBe(Date.now());
    await ledger.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('notifies the owner once when another run has taken over the ledger', async () => {
    vi.useFakeTimers();
    await data.open();
    data.raw((database) => database.prepare("UPDATE lock SET run_id = 'thief'").run());
    vi.advanceTimersByTime(3 * HEARTBEAT_MS);
    expect(data.lost.count).toBe(1);
  });

  it('logs an SQLite error once, does not throw, and continues', async () => {
    vi.useFakeTimers();
    await data.open();
    data.raw((database) => database.exec('ALTER TABLE lock RENAME TO hidden'));
    expect(() => vi.advanceTimersByTime(3 * HEARTBEAT_MS)).not.toThrow();
    expect(data.logged).toHaveLength(1);
    expect(data.logged[0]).toContain('error: The lock of Haulyard’s download record couldn’t be renewed');
    data.raw((database) => database.exec('ALTER TABLE hidden RENAME TO lock'));
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(data.lost.count).toBe(0);
  });
});

describe('close', () => {
  it('gives the ledger back and leaves no log behind', async () => {
    await (await data.open()).close();
    expect(data.raw((database) => database.prepare('SELECT count(*) FROM lock').pluck().get())).toBe(0);
    await expect(readFile(`${data.file}-wal`)).rejects.toThrow();
  });

  it('may be called twice', async () => {
    const ledger = await data.open();
    await ledger.close();
    await expect(ledger.close()).resolves.toBeUndefined();
  });

  it('logs what prevents it from giving the ledger back, and closes it all the same', async () => {
    const ledger = await data.open();
    data.raw((database) => database.exec('DROP TABLE lock'));
    await expect(ledger.close()).resolves.toBeUndefined();
    expect(data.logged.join()).toContain('couldn’t be closed in order');
  });
});
