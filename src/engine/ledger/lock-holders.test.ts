import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockHolders, sharedLockHolders } from './lock-holders.ts';
import { kill, makeTestData, startOwner, type TestData } from './test-ledger.ts';

let data: TestData | null = null;
afterEach(async () => {
  await data?.remove();
  data = null;
});

describe('sharedLockHolders', () => {
  const line = (pid: number, inode: number, start: number) =>
    `1: POSIX  ADVISORY  READ ${pid} fe:00:${inode} ${start} 1073742335`;

  it('finds who holds the shared lock of SQLite on an inode', () => {
    const locks = [
      line(7, 100, 1073741826),
      line(8, 200, 1073741826),
      '2: FLOCK  ADVISORY  WRITE 9 fe:00:100 0 EOF',
      '',
    ];
    expect(sharedLockHolders(locks.join('\n'), 100)).toEqual([7]);
  });

  it('leaves out locks on other bytes', () => {
    expect(sharedLockHolders(line(7, 100, 128), 100)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('lockHolders', () => {
  it('finds a stopped process that has a ledger open, and no longer once it is gone', async () => {
    data = await makeTestData();
    const owner = await startOwner(data.dataDir);
    owner.kill('SIGSTOP');
    try {
      expect(await lockHolders(data.file)).toEqual([owner.pid]);
    } finally {
      await kill(owner);
    }
    expect(await lockHolders(data.file)).toEqual([]);
  });

  it('finds nobody where there is no file', async () => {
    data = await makeTestData();
    expect(await lockHolders(join(data.dataDir, 'nothing'))).toEqual([]);
  });
});
