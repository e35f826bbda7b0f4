import { readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { LEDGER_FILE } from '../../src/engine/ledger/ledger.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { HALF_CHUNK, interrupt } from './interrupt.ts';
import { expectRightFiles, flipByte, partialOf, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const SIZE = 5 * MIB + 321;
const REPOSITORY = oneFile(SIZE);
const reference = REPOSITORY.id;
const SAFE = 3 * MIB + HALF_CHUNK;
const PAGE_BYTES = 4096;

const ledgerOf = (world: World) => join(world.dataDir, LEDGER_FILE);

async function goOn(world: World) {
  const since = world.hub.requests.length;
  const engine = await world.open();
  const ended = await engine.download({ reference, workers: 1 });
  await expectRightFiles(ended.done.snapshot, REPOSITORY.files!);
  return { ...ended, log: engine.log, servedBytes: servedBytes(world.hub, since) };
}

/** Damages the first byte of each page but the first: the database opens, but its tables cannot be read. */
async function damagePages(file: string): Promise<void> {
  const { size } = await stat(file);
  for (let offset = PAGE_BYTES; offset < size; offset += PAGE_BYTES) await flipByte(file, offset);
}

const DAMAGES: [string, (file: string) => Promise<unknown>][] = [
  ['deleted', (file) => rm(file)],
  ['emptied', (file) => truncate(file, 0)],
  ['damaged in its first bytes', (file) => flipByte(file, 3)],
  ['damaged on all of its pages', damagePages],
  ['cut to its first page', (file) => truncate(file, PAGE_BYTES)],
  ['cut in the middle', async (file) => truncate(file, Math.floor((await stat(file)).size / 2))],
  ['replaced by text', (file) => writeFile(file, 'not a database\n'.repeat(1000))],
];

describe('a ledger', () => {
  it.each(DAMAGES)('that was %s between two runs costs none of the bytes on disk', async (_, damage) => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await damage(ledgerOf(world));
    const { events, servedBytes } = await goOn(world);
    expect(servedBytes).toBeLessThanOrEqual(SIZE - SAFE + 64 * 1024);
    expect(ofKind(events, 'rescued').reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(
      SAFE - 64 * 1024,
    );
  });

  it('that was damaged is set aside and not deleted, and the user is notified', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await flipByte(ledgerOf(world), 3);
    const { log } = await goOn(world);
    expect(log.join('\n')).toContain('set aside');
    expect((await readdir(world.dataDir)).some((name) => name.includes('damaged'))).toBe(true);
  });

  it('that is gone does not make damage on disk go unnoticed', async () => {
    await using world = await openWorld([REPOSITORY]);
    await interrupt(world, REPOSITORY, 3);
    await rm(ledgerOf(world));
    await flipByte(await partialOf(world, REPOSITORY), MIB + 5);
    const { events, servedBytes } = await goOn(world);
    expect(ofKind(events, 'repaired')).toMatchObject([{ chunk: 1 }]);
    expect(servedBytes).toBeLessThanOrEqual(SIZE + 2 * MIB);
  });

  it.each(['downloads', 'files', 'blobs', 'chunks', 'settings', 'events'])(
    'whose table of %s was damaged after a clean end does not keep the engine from going on',
    async (table) => {
      await using world = await openWorld([REPOSITORY]);
      await interrupt(world, REPOSITORY, 3);
      await damageTable(world, table);
      await goOn(world);
    },
  );

  it('whose log of events was damaged keeps all the rest', async () => {
    await using world = await openWorld([REPOSITORY]);
    const id = await interrupt(world, REPOSITORY, 3);
    await leaveLock(world);
    await damageTable(world, 'events');
    const engine = await world.open();
    expect((await engine.call('snapshot', {})).downloads.map((each) => each.id)).toEqual([id]);
  });
});

/** Damages the first page of a table. */
async function damageTable(world: World, table: string): Promise<void> {
  const database = new Sqlite(ledgerOf(world), { readonly: true });
  const { rootpage } = database
    .prepare<[string], { rootpage: number }>('SELECT rootpage FROM sqlite_master WHERE name = ?')
    .get(table)!;
  database.close();
  await flipByte(ledgerOf(world), (rootpage - 1) * PAGE_BYTES);
}

/** Leaves the lock of an owner that is no more, as a kill does. */
async function leaveLock(world: World): Promise<void> {
  const database = new Sqlite(ledgerOf(world));
  const columns = database.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('lock')`).all();
  const names = columns.map(({ name }) => name);
  const values = names.map((name) =>
    name === 'id' ? 1 : name === 'pid' ? 999_999_999 : name === 'host' ? hostname() : '0',
  );
  database.prepare(`INSERT INTO lock (${names}) VALUES (${names.map(() => '?')})`).run(...values);
  database.close();
}
