import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedgerReader } from './ledger.ts';
import { LEDGER_VERSION, migrate, userVersion } from './migrate.ts';
import { initial } from './migrations/0001-initial.ts';
import { checks } from './migrations/0002-checks.ts';
import { parsing } from './migrations/0003-parsing.ts';
import { builds } from './migrations/0004-builds.ts';
import { checksOfFiles } from './migrations/0005-checks-of-files.ts';
import type { LedgerTables } from './tables.ts';
import { makeTestData, type TestData } from './test-ledger.ts';

let data: TestData;
beforeEach(async () => {
  data = await makeTestData();
});
afterEach(() => data.remove());

describe('migrate', () => {
  it('brings an empty database to the current version', () => {
    const database = new Sqlite(':memory:');
    migrate(database);
    expect(userVersion(database)).toBe(LEDGER_VERSION);
  });

  it('changes nothing the second time', () => {
    data.raw((database) => {
      migrate(database);
      const before = database.pragma('schema_version', { simple: true });
      migrate(database);
      expect(database.pragma('schema_version', { simple: true })).toBe(before);
    });
  });

  it('keeps neither tables nor version when a step fails', () => {
    data.raw((database) => {
      database.exec('CREATE TABLE chunks (x)');
      expect(() => migrate(database)).toThrow();
      expect(userVersion(database)).toBe(0);
      expect(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()).toEqual([
        'chunks',
      ]);
    });
  });

  it('is done once by programs that start at the same moment', async () => {
    const code = `
      const { default: Sqlite } = await import(${JSON.stringify(import.meta.resolve('better-sqlite3'))});
      const { migrate } = await import(${JSON.stringify(new URL('migrate.ts', import.meta.url).href)});
      migrate(new Sqlite(${JSON.stringify(data.file)}, { timeout: 5000 }));`;
    const exits = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
        return (await once(child, 'exit'))[0];
      }),
    );
    expect(exits).toEqual([0, 0, 0, 0]);
  });
});

describe('a ledger of the first version', () => {
  const HASH = 'a'.repeat(64);
  beforeEach(() => {
    data.raw((database) => {
      database.pragma('journal_mode = WAL');
      database.exec(initial);
      database.pragma('user_version = 1');
      database.exec(
        `INSERT INTO blobs (folder, hash, algorithm, size, chunk_bytes, verified_at, verified_ok) VALUES
           ('/f', '${HASH}', 'sha256', 5, 5, 1000, 0), ('/f', 'never', 'sha256', 5, 5, NULL, NULL)`,
      );
    });
  });
  const expectSame = (ledger: Pick<LedgerTables, 'blobs' | 'checks'>) => {
    expect(ledger.checks.find('/f')).toBeNull(); // It does not tell which file was looked at.
    expect(ledger.blobs.find('/f', HASH)).toMatchObject({ size: 5, chunkBytes: 5 });
  };

  it('keeps results about contents', async () => {
    const ledger = await data.open();
    expectSame(ledger);
    await ledger.close();
  });

  it('can be read before its owner has migrated it, and is left as it is', () => {
    const reader = openLedgerReader(data.dataDir, Date.now);
    expectSame(reader);
    reader.close();
    data.raw((database) => expect(userVersion(database)).toBe(1));
  });
});

describe('a ledger of before the block checks', () => {
  it('keeps its chunks, of which no block is checked', async () => {
    data.raw((database) => {
      database.pragma('journal_mode = WAL');
      for (const step of [initial, checks, parsing, builds, checksOfFiles]) database.exec(step);
      database.pragma('user_version = 5');
      database.exec(
        `INSERT INTO blobs (id, folder, hash, algorithm, size, chunk_bytes) VALUES (1, '/f', 'x', 'sha256', 5, 5);
         INSERT INTO chunks (blob_id, idx, received) VALUES (1, 0, '[[0,3]]')`,
      );
    });
    const ledger = await data.open();
    const row = { index: 0, received: [{ start: 0, end: 3 }], sha256: null, suspect: false };
    expect(ledger.chunks.listChecked(1)).toEqual([{ ...row, checks: [] }]);
    await ledger.close();
  });
});

describe('a ledger of a newer program', () => {
  beforeEach(() => {
    data.raw((database) => {
      database.exec('CREATE TABLE lock (whatever)');
      database.pragma(`user_version = ${LEDGER_VERSION + 1}`);
    });
  });

  it('is rejected with a clear error, and not touched', async () => {
    const before = await readFile(data.file);
    await expect(data.open()).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining('newer'),
    });
    expect((await readFile(data.file)).equals(before)).toBe(true);
  });

  it('is refused by a reader too', () => {
    expect(() => openLedgerReader(data.dataDir, Date.now)).toThrow(
      expect.objectContaining({ code: 'BadRequest' }),
    );
  });
});
