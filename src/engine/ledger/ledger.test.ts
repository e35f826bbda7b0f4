import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/commands.ts';
import { NO_COUNTERS } from './downloads.ts';
import { openLedgerReader } from './ledger.ts';
import { kill, makeTestData, newDownload, startOwner, type TestData } from './test-ledger.ts';

let data: TestData;
beforeEach(async () => {
  data = await makeTestData();
});
afterEach(() => data.remove());

const blob = { folder: '/f', hash: 'h', algorithm: 'sha256', size: 10, chunkBytes: 10 } as const;
const row = {
  index: 0,
  received: [{ start: 0, end: 10 }],
  sha256: 'ab'.repeat(32),
  suspect: false,
  checks: [{ start: 0, end: 10, crc: 7 }],
};

describe('openLedger', () => {
  it('makes the folder and an empty ledger', async () => {
    const ledger = await data.open({ dataDir: join(data.dataDir, 'deep', 'er') });
    expect(ledger.downloads.list()).toEqual([]);
    expect(ledger.replaced).toBeNull();
  });

  it('keeps what was committed for the next owner', async () => {
    const first = await data.open();
    first.downloads.add(newDownload('a'));
    const { id } = first.blobs.ensure(blob);
    const counters = { ...NO_COUNTERS, downloadedBytes: 10 };
    await first.commit({ chunks: [{ blobId: id, rows: [row] }], counters: [{ id: 'a', counters }] });
    await first.close();
    const second = await data.open();
    expect(second.chunks.listChecked(id)).toEqual([row]);
    expect(second.downloads.get('a')?.downloadedBytes).toBe(10);
  });

  it('is refused to a second engine of the same process', async () => {
    await data.open({ program: 'the first' });
    await expect(data.open()).rejects.toMatchObject({
      code: 'LedgerBusy',
      message: expect.stringContaining('the first'),
    });
  });

  it('is refused while another process owns the ledger, also a stopped one, and taken over when it was killed', async () => {
    const owner = await startOwner(data.dataDir);
    try {
      owner.kill('SIGSTOP');
      await expect(data.open()).rejects.toMatchObject({
        code: 'LedgerBusy',
        details: { pid: owner.pid, program: 'the other program' },
      });
    } finally {
      await kill(owner);
    }
    expect((await data.open()).replaced).toBeNull();
  });

  it('waits for an owner that is just being killed', async () => {
    const owner = await startOwner(data.dataDir);
    setTimeout(() => owner.kill('SIGKILL'), 300);
    await expect(data.open()).resolves.toBeDefined();
  });

  it.each(['', '-wal', '-shm', '-journal'])('follows no link in the place of ledger.db%s', async (suffix) => {
    const victim = join(data.dataDir, 'victim');
    await writeFile(victim, 'important');
    await symlink(victim, data.file + suffix);
    await expect(data.open()).rejects.toMatchObject({
      code: 'DiskPermission',
      message: expect.stringContaining('is a link'),
    });
    expect(await readFile(victim, 'utf8')).toBe('important');
  });

  it('keeps folder and files to their owner, also those that an older version made', async () => {
    const modes = async () => {
      const names = ['.', 'ledger.db', 'ledger.db-wal', 'ledger.db-shm', 'ledger.reserve'];
      return Promise.all(names.map(async (name) => (await stat(join(data.dataDir, name))).mode & 0o777));
    };
    await (await data.open()).close();
    await chmod(data.dataDir, 0o775);
    await chmod(data.file, 0o664);
    await data.open();
    expect(await modes()).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  });

  it('makes a new folder for its owner alone', async () => {
    const dataDir = join(data.dataDir, 'new');
    await data.open({ dataDir });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  it('takes the right to write from everybody else where the folder is its own', async () => {
    await chmod(data.dataDir, 0o777);
    await data.open();
    expect((await stat(data.dataDir)).mode & 0o022).toBe(0);
  });

  it('refuses a folder that everybody shares', async () => {
    await chmod(data.dataDir, 0o1777);
    await expect(data.open()).rejects.toMatchObject({
      code: 'DiskPermission',
      message: expect.stringContaining('Other users may write'),
    });
    expect(await readdir(data.dataDir)).toEqual([]);
  });

  it('names a data folder that is a file', async () => {
    const dataDir = join(data.dataDir, 'file');
    await writeFile(dataDir, '');
    await expect(data.open({ dataDir })).rejects.toMatchObject({
      code: 'DiskPermission',
      message: expect.stringContaining('isn’t a folder'),
    });
  });
});

describe.runIf(process.getuid?.() === 0)('openLedger without permissions', () => {
  /** A superuser may do everything, so the work is done as another user. */
  const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
    process.seteuid?.(65534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  };

  it('fails with DiskPermission where the folder cannot be made', async () => {
    const opening = asNobody(() => data.open({ dataDir: join(data.dataDir, 'sub') }));
    await expect(opening).rejects.toMatchObject({ code: 'DiskPermission' });
  });

  it('fails with DiskPermission where the folder cannot be written, and sets nothing aside', async () => {
    await (await data.open()).close();
    await chmod(data.dataDir, 0o755);
    await expect(asNobody(() => data.open())).rejects.toMatchObject({ code: 'DiskPermission' });
    await chmod(data.file, 0o600);
    await expect(asNobody(() => data.open())).rejects.toMatchObject({ code: 'DiskPermission' });
    expect(await readdir(data.dataDir)).toEqual(['ledger.db', 'ledger.reserve']);
  });

  it('lets a reader read where it may not write', async () => {
    const ledger = await data.open();
    ledger.downloads.add(newDownload('a'));
    await ledger.close();
    await chmod(data.dataDir, 0o755);
    await chmod(data.file, 0o644);
    await asNobody(async () => {
      const reader = openLedgerReader(data.dataDir, Date.now);
      expect(reader.downloads.list()).toHaveLength(1);
      expect(reader.owner()).toBeNull();
      reader.close();
    });
  });
});

describe('openLedgerReader', () => {
  it('reads a ledger that does not exist as an empty one, and does not make it', async () => {
    const reader = openLedgerReader(join(data.dataDir, 'none'), Date.now);
    expect(reader.downloads.list()).toEqual([]);
    expect(reader.settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(reader.owner()).toBeNull();
    reader.close();
  });

  it('sees what a living owner commits, and who that is', async () => {
    const ledger = await data.open({ program: 'the owner' });
    const reader = openLedgerReader(data.dataDir, Date.now);
    ledger.downloads.add(newDownload('a'));
    expect(reader.downloads.list().map(({ id }) => id)).toEqual(['a']);
    expect(reader.owner()).toMatchObject({ program: 'the owner', pid: process.pid });
    ledger.downloads.remove('a');
    expect(reader.downloads.list()).toEqual([]);
    await ledger.close();
    expect(reader.owner()).toBeNull();
    reader.close();
  });

  it('does not keep the owner from writing while it reads', async () => {
    const ledger = await data.open();
    const reader = openLedgerReader(data.dataDir, Date.now);
    reader.downloads.list();
    await expect(ledger.commit({ chunks: [], counters: [] })).resolves.toBeUndefined();
    reader.close();
  });

  it('takes an owner that was killed for none', async () => {
    const owner = await startOwner(data.dataDir);
    await kill(owner);
    const reader = openLedgerReader(data.dataDir, Date.now);
    expect(reader.owner()).toBeNull();
    reader.close();
  });

  it('fails with LedgerCorrupt for a damaged ledger, and leaves it', async () => {
    await writeFile(data.file, 'x'.repeat(5000));
    expect(() => openLedgerReader(data.dataDir, Date.now)).toThrow(
      expect.objectContaining({ code: 'LedgerCorrupt' }),
    );
    expect(await readFile(data.file, 'utf8')).toHaveLength(5000);
  });
});
