import { rm, stat, truncate, writeFile } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { LEDGER_VERSION } from '../../src/engine/ledger/migrate.ts';
import { flipByte } from '../integration/on-disk.ts';
import { type DamageOptions, recoverFrom } from './damage-bench.ts';
import type { FaultScenario } from './scenario.ts';

const PAGE_BYTES = 4096;
/** Where an attempt had stopped inside a page, the page's rest cannot be distinguished from what was written. */
const PAGES = 64 * 1024;

const ledger = (name: string, options: DamageOptions, mayCostBytes = PAGES): FaultScenario => ({
  area: 'Ledger',
  fault: name,
  mayCostBytes,
  run: () => recoverFrom(options),
});

/** The ledger is damaged between two runs; what is in the partial must not be lost by it. */
export const LEDGER: readonly FaultScenario[] = [
  ledger('the ledger deleted', {
    damage: async ({ ledger: file }) => {
      for (const suffix of ['', '-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
    },
  }),
  ledger('the ledger emptied', { damage: ({ ledger: file }) => truncate(file, 0) }),
  ledger('the ledger cut to its first page', { damage: ({ ledger: file }) => truncate(file, PAGE_BYTES) }),
  ledger('the ledger cut in the middle', {
    damage: async ({ ledger: file }) => truncate(file, Math.floor((await stat(file)).size / 2)),
  }),
  ledger('a bit flipped in the ledger’s first bytes', { damage: ({ ledger: file }) => flipByte(file, 3) }),
  ledger('a bit flipped on every page of the ledger', {
    damage: async ({ ledger: file }) => {
      const { size } = await stat(file);
      for (let offset = PAGE_BYTES; offset < size; offset += PAGE_BYTES) await flipByte(file, offset);
    },
  }),
  ledger('the ledger replaced by text', {
    damage: ({ ledger: file }) => writeFile(file, 'not a database\n'.repeat(1000)),
  }),
  ledger(
    'the ledger written by a newer version',
    {
      damage: async ({ ledger: file }) => setVersion(file, 999),
      stopsWith: 'BadRequest',
      mend: async ({ ledger: file }) => setVersion(file, LEDGER_VERSION),
    },
    0,
  ),
];

function setVersion(file: string, version: number): void {
  const database = new Sqlite(file);
  database.pragma(`user_version = ${version}`);
  database.close();
}
