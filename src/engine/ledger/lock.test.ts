import Sqlite, { type Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  busy,
  FOREIGN_OWNER_TIMEOUT_MS,
  heartbeat,
  type LedgerOwner,
  ownerCheck,
  readOwner,
  releaseLock,
  takeLock,
} from './lock.ts';
import { migrate } from './migrate.ts';
import { ownIdentity } from './process-identity.ts';

const NOW = 1_700_000_000_000;
const me: LedgerOwner = { ...ownIdentity(), runId: 'mine', program: 'a test', heartbeatAt: NOW };
const foreign: LedgerOwner = {
  ...me,
  runId: 'foreign',
  host: 'nas',
  processStart: 'boot-9/pid:[9]/1',
  pid: 1,
};

let database: Database;
beforeEach(() => {
  database = new Sqlite(':memory:');
  migrate(database);
});
afterEach(() => database.close());

const take = (owner: LedgerOwner) => takeLock(database, owner);

describe('takeLock', () => {
  it('takes a ledger that nobody owns', () => {
    expect(take(me)).toBe(false);
    expect(readOwner(database)).toEqual(me);
  });

  it('refuses a ledger that a living process owns, with its name', () => {
    take({ ...me, runId: 'other', program: 'the other program' });
    expect(() => take(me)).toThrow(
      expect.objectContaining({
        code: 'LedgerBusy',
        details: { pid: process.pid, program: 'the other program', remedy: 'data-folder' },
      }),
    );
    expect(readOwner(database)?.runId).toBe('other');
  });

  it('takes over from a process whose pid another one has now', () => {
    const [start] = me.processStart.split('/').slice(-1);
    take({ ...me, runId: 'other', processStart: me.processStart.replace(new RegExp(`${start}$`), '1') });
    expect(take(me)).toBe(true);
    expect(readOwner(database)?.runId).toBe('mine');
  });

  it('takes over from an owner before the last start of this computer', () => {
    take({ ...me, runId: 'other', processStart: 'earlier-boot/pid:[1]/1' });
    expect(take(me)).toBe(true);
  });

  it('leaves a ledger to an owner on another computer while its heartbeat is fresh', () => {
    take({ ...foreign, heartbeatAt: NOW - FOREIGN_OWNER_TIMEOUT_MS + 1 });
    expect(() => take(me)).toThrow(expect.objectContaining({ code: 'LedgerBusy' }));
  });

  it('takes over from an owner on another computer that fell silent', () => {
    take({ ...foreign, heartbeatAt: NOW - FOREIGN_OWNER_TIMEOUT_MS });
    expect(take(me)).toBe(true);
  });

  it('gives the ledger to the same run again', () => {
    take(me);
    expect(take({ ...me, heartbeatAt: NOW + 5 })).toBe(true);
    expect(readOwner(database)?.heartbeatAt).toBe(NOW + 5);
  });
});

describe('heartbeat', () => {
  it('renews the row of its run', () => {
    take(me);
    expect(heartbeat(database, 'mine', NOW + 10)).toBe(true);
    expect(readOwner(database)?.heartbeatAt).toBe(NOW + 10);
  });

  it('notifies a run that lost the ledger, and leaves the row of the other', () => {
    take({ ...foreign, heartbeatAt: 1 });
    expect(heartbeat(database, 'mine', NOW)).toBe(false);
    expect(readOwner(database)?.heartbeatAt).toBe(1);
  });
});

describe('ownerCheck', () => {
  it('knows the owner', () => {
    take(me);
    expect([ownerCheck(database, 'mine')(), ownerCheck(database, 'other')()]).toEqual([true, false]);
  });
});

describe('releaseLock', () => {
  it('gives the ledger back', () => {
    take(me);
    releaseLock(database, 'mine');
    expect(readOwner(database)).toBeNull();
  });

  it('does not give back what another run owns', () => {
    take(me);
    releaseLock(database, 'other');
    expect(readOwner(database)?.runId).toBe('mine');
  });
});

describe('busy', () => {
  it('names the program, the process and the computer', () => {
    expect(busy(foreign).message).toContain('a test (process 1 on nas)');
  });
});
