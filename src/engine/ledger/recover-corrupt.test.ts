import { mkdir, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chunkRows, kill, makeTestData, newDownload, startOwner, type TestData } from './test-ledger.ts';

const CHUNKS = 2000;
const PAGE_BYTES = 4096;

let data: TestData;
beforeEach(async () => {
  data = await makeTestData();
});
afterEach(() => data.remove());

/** A closed ledger with a download, its file, and a blob of many pages of chunks. */
async function fillLedger(): Promise<void> {
  const ledger = await data.open();
  ledger.transaction(() => {
    ledger.settings.set({ atOnce: 7 });
    ledger.downloads.add(newDownload('a'));
    ledger.files.replace('a', [{ path: 'x.bin', size: 5, hash: 'a'.repeat(64), algorithm: 'sha256' }]);
    const { id } = ledger.blobs.ensure({
      folder: '/f',
      hash: 'h',
      algorithm: 'sha256',
      size: CHUNKS * 10,
      chunkBytes: 10,
    });
    ledger.chunks.save(id, chunkRows(CHUNKS));
  });
  await ledger.close();
}

async function overwrite(position: number, content: Buffer): Promise<void> {
  const handle = await open(data.file, 'r+');
  await handle.write(content, 0, content.length, position);
  await handle.close();
}

/** Returns the number of the first page of a table or index. */
const rootPage = (name: string): number =>
  data.raw((database) =>
    Number(database.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(name)),
  );

const setAsideFiles = async () => (await readdir(data.dataDir)).filter((name) => name.includes('.damaged-'));

describe('a damaged ledger', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['garbage', () => writeFile(data.file, Buffer.alloc(50_000, 'garbage'))],
    ['a damaged header', () => overwrite(0, Buffer.from('not a database!!'))],
    ['a damaged schema page', () => overwrite(110, Buffer.alloc(3000, 0xff))],
    ['a file that is cut in the middle of a page', () => truncate(data.file, 3 * PAGE_BYTES + 100)],
    [
      'a file that is cut to half its pages',
      async () => truncate(data.file, PAGE_BYTES * Math.floor((await stat(data.file)).size / PAGE_BYTES / 2)),
    ],
    [
      'a damaged lock page',
      () => overwrite((rootPage('lock') - 1) * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xff)),
    ],
  ])('is set aside whole and replaced: %s', async (_case, damage) => {
    await fillLedger();
    await damage();
    const damaged = await readFile(data.file);
    const ledger = await data.open();
    const [aside] = await setAsideFiles();
    expect(ledger.replaced).toBe(join(data.dataDir, aside ?? ''));
    expect((await readFile(ledger.replaced ?? '')).equals(damaged)).toBe(true);
    ledger.downloads.add(newDownload('new'));
    expect(data.logged).toEqual([
      expect.stringMatching(/warn: Haulyard’s download record was damaged and set aside as/),
    ]);
    await ledger.close();
    expect((await data.open()).downloads.get('new')).not.toBeNull();
  });

  it('is found by a single wrong byte, and set aside', async () => {
    await fillLedger();
    await overwrite((rootPage('chunks') - 1) * PAGE_BYTES, Buffer.from([0x45]));
    expect((await data.open()).replaced).not.toBeNull();
  });

  it('gives back everything but the chunks when they are damaged, and forgets the contents that lost them', async () => {
    await fillLedger();
    await overwrite((rootPage('chunks') - 1) * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xff));
    const ledger = await data.open();
    expect(ledger.settings.get().atOnce).toBe(7);
    expect(ledger.downloads.get('a')?.options.include).toEqual(['*.bin']);
    expect(ledger.files.list('a')).toHaveLength(1);
    // So that the contents of their partials are examined, and not taken for nothing.
    expect(ledger.blobs.find('/f', 'h')).toBeNull();
  });

  it('gives back the chunks before and after a damaged page', async () => {
    await fillLedger();
    const pages = (await stat(data.file)).size / PAGE_BYTES;
    const content = await readFile(data.file);
    // A leaf in the middle of the table: full, and holding chunk 1000.
    const needle = Buffer.from('[[10000,10010]]');
    const leaf = Math.floor(content.indexOf(needle) / PAGE_BYTES);
    expect(leaf).toBeLessThan(pages);
    await overwrite(leaf * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xff));
    const ledger = await data.open();
    const blob = ledger.blobs.find('/f', 'h');
    const indexes = ledger.chunks.list(blob?.id ?? 0).map(({ index }) => index);
    expect(indexes.length).toBeGreaterThan(CHUNKS * 0.9);
    expect(indexes).not.toContain(1000);
    expect([indexes.at(0), indexes.at(-1)]).toEqual([0, CHUNKS - 1]);
  });

  it('is found although the last owner ended cleanly', async () => {
    await fillLedger();
    await overwrite((rootPage('downloads') - 1) * PAGE_BYTES, Buffer.alloc(PAGE_BYTES, 0xff));
    expect((await data.open()).replaced).not.toBeNull();
  });

  it('is found after its owner was killed', async () => {
    await fillLedger();
    await kill(await startOwner(data.dataDir));
    await overwrite(0, Buffer.alloc(PAGE_BYTES, 0xff));
    expect((await data.open()).replaced).not.toBeNull();
  });

  it('is replaced when its tables are not those that its version promises', async () => {
    await fillLedger();
    data.raw((database) => database.exec('DROP TABLE hosts'));
    const ledger = await data.open();
    expect(ledger.replaced).not.toBeNull();
    expect(ledger.downloads.list()).toHaveLength(1);
  });

  it('is replaced when it claims to be empty and is not', async () => {
    await fillLedger();
    data.raw((database) => database.pragma('user_version = 0'));
    const ledger = await data.open();
    expect(ledger.replaced).not.toBeNull();
    expect(ledger.downloads.list()).toHaveLength(1);
  });

  it('is kept beside an earlier one that was set aside in the same moment', async () => {
    const now = () => 1_700_000_000_000;
    for (const content of ['first '.repeat(999), 'second '.repeat(999)]) {
      await writeFile(data.file, content);
      await (await data.open({ now })).close();
    }
    const contents = await Promise.all(
      (await setAsideFiles()).map((name) => readFile(join(data.dataDir, name), 'utf8')),
    );
    expect(contents.map((content) => content.split(' ')[0]).sort()).toEqual(['first', 'second']);
  });
});

describe.runIf(process.platform === 'linux')('a damaged ledger that a process still has open', () => {
  it('is not taken away from that process', async () => {
    await fillLedger();
    const owner = await startOwner(data.dataDir);
    try {
      owner.kill('SIGSTOP');
      await overwrite(0, Buffer.alloc(100, 0xff));
      await expect(data.open()).rejects.toMatchObject({ code: 'LedgerBusy', details: { pid: owner.pid } });
      expect(await setAsideFiles()).toEqual([]);
    } finally {
      await kill(owner);
    }
    expect((await data.open()).replaced).not.toBeNull();
  });
});

describe('something else in place of the ledger', () => {
  it('is an empty file: it becomes a ledger', async () => {
    await writeFile(data.file, '');
    expect((await data.open()).replaced).toBeNull();
  });

  it('is an empty file next to a log: both are set aside, the log is not lost', async () => {
    await writeFile(data.file, '');
    await writeFile(`${data.file}-wal`, 'frames');
    const ledger = await data.open();
    expect(await readFile(`${ledger.replaced}-wal`, 'utf8')).toBe('frames');
  });

  it('is a folder: it is moved aside with its contents', async () => {
    await mkdir(data.file);
    await writeFile(join(data.file, 'note'), 'mine');
    const ledger = await data.open();
    expect(await readFile(join(ledger.replaced ?? '', 'note'), 'utf8')).toBe('mine');
  });
});
