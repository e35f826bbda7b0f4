import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { addDownloadSchema } from '../../shared/contract/commands.ts';
import type { CheckedChunkRow } from './chunks.ts';
import type { NewDownload } from './downloads.ts';
import { LEDGER_FILE, type Ledger, type LedgerOptions, openLedger } from './ledger.ts';

/** A data folder for tests. What it opened is closed when it is removed. */
export interface TestData {
  readonly dataDir: string;
  /** Path of the database. */
  readonly file: string;
  /** Log lines, as `level: message`. */
  readonly logged: string[];
  /** How often an owner was notified that it lost the ledger. */
  readonly lost: { count: number };
  open(changes?: Partial<LedgerOptions>): Promise<Ledger>;
  /** Opens another connection to the same file, as a hostile or careless program would. */
  raw<T>(work: (database: Database) => T): T;
  remove(): Promise<void>;
}

/** Creates an empty data folder. */
export async function makeTestData(): Promise<TestData> {
  const dataDir = await mkdtemp(join(tmpdir(), 'haulyard-ledger-'));
  const file = join(dataDir, LEDGER_FILE);
  const logged: string[] = [];
  const lost = { count: 0 };
  const opened: Ledger[] = [];
  let run = 0;
  return {
    dataDir,
    file,
    logged,
    lost,
    async open(changes = {}) {
      run += 1;
      const ledger = await openLedger({
        dataDir,
        runId: `run-${run}`,
        program: 'a test',
        now: Date.now,
        log: (level, message) => logged.push(`${level}: ${message}`),
        onLost: () => {
          lost.count += 1;
        },
        ...changes,
      });
      opened.push(ledger);
      return ledger;
    },
    raw(work) {
      const database = new Sqlite(file);
      try {
        return work(database);
      } finally {
        database.close();
      }
    },
    async remove() {
      for (const ledger of opened) await ledger.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Returns what the tests add to `downloads`. */
export function newDownload(id: string, changes: Partial<NewDownload> = {}): NewDownload {
  return {
    id,
    repo: 'org/model',
    revision: 'main',
    model: null,
    variant: null,
    endpoint: 'http://127.0.0.1:1',
    cacheDir: '/cache',
    options: addDownloadSchema.parse({ reference: 'org/model', include: ['*.bin'] }),
    createdAt: 1_700_000_000_000,
    ...changes,
  };
}

/** Returns rows of complete chunks of ten bytes. */
export function chunkRows(count: number): CheckedChunkRow[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    received: [{ start: index * 10, end: index * 10 + 10 }],
    sha256: 'ab'.repeat(32),
    suspect: false,
    checks: [{ start: index * 10, end: index * 10 + 10, crc: index }],
  }));
}

/** Starts a process that owns the ledger of a folder until it is ended. Resolves when it is the owner. */
export async function startOwner(dataDir: string): Promise<ChildProcess> {
  const module = new URL('ledger.ts', import.meta.url).href;
  const code = `
    const { openLedger } = await import(${JSON.stringify(module)});
    await openLedger({
      dataDir: ${JSON.stringify(dataDir)}, runId: 'other', program: 'the other program', now: Date.now,
      log: () => undefined, onLost: () => undefined,
    });
    process.stdout.write('owner');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** Ends a process started by {@link startOwner}, even a stopped one, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
