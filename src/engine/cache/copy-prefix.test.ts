import { execFile } from 'node:child_process';
import { link, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPrefix } from './copy-prefix.ts';
import { foreignPartials } from './foreign-partials.ts';
import { blobPath, partialPath } from './layout.ts';
import { makeTestCache, sha256, TEST_REPO, type TestCache } from './test-cache.ts';

const HASH = sha256('0123456789');
let cache: TestCache;
let source = '';
let target = '';
beforeEach(async () => {
  cache = await makeTestCache();
  target = partialPath(cache.cacheDir, TEST_REPO, HASH);
  source = join(cache.cacheDir, 'download.part');
  await writeFile(source, '01234567');
});
afterEach(() => cache.remove());

const copy = (more: object = {}) => copyPrefix({ source, target, fileSize: 10, ...more });

describe('copyPrefix', () => {
  it('takes the whole source into a new partial and leaves the source', async () => {
    expect((await copy()).bytes).toBe(8);
    expect(await readFile(target, 'utf8')).toBe('01234567');
    expect(await readFile(source, 'utf8')).toBe('01234567');
    expect((await stat(target)).ino).not.toBe((await stat(source)).ino);
    expect(await readdir(dirname(target))).toEqual([`${HASH}.haulyard.incomplete`]);
  });

  it('takes only as many bytes as requested', async () => {
    await copy({ bytes: 3 });
    expect(await readFile(target, 'utf8')).toBe('012');
  });

  it('overwrites the start of a partial and keeps the rest', async () => {
    await writeFile(target, 'xxxxxxxx89');
    expect(await copy({ bytes: 4 })).toEqual({ method: 'copy', bytes: 4 });
    expect(await readFile(target, 'utf8')).toBe('0123xxxx89');
  });

  it('takes a source as long as the file', async () => {
    await writeFile(source, '0123456789');
    expect((await copy()).bytes).toBe(10);
  });

  it('refuses a source larger than the file, with both lengths, and keeps it', async () => {
    await writeFile(source, '0123456789!');
    await expect(copy()).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringMatching(/^Larger than the file: .*11 bytes.* 10/),
    });
    expect(await readFile(source, 'utf8')).toBe('0123456789!');
    await expect(lstat(target)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses more bytes than the source has', async () => {
    await expect(copy({ bytes: 9 })).rejects.toMatchObject({ code: 'BadRequest' });
    await expect(copy({ bytes: -1 })).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('refuses a source that is missing or a folder', async () => {
    await expect(copy({ source: join(cache.cacheDir, 'no') })).rejects.toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining('does not exist'),
    });
    await expect(copy({ source: cache.cacheDir })).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('refuses a pipe at once and does not wait for a writer', async () => {
    const pipe = join(cache.cacheDir, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    await expect(copy({ source: pipe })).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('refuses its own partial as the source, also under another name', async () => {
    await writeFile(target, '0123');
    await expect(copy({ source: target })).rejects.toMatchObject({ code: 'BadRequest' });
    const alias = join(cache.cacheDir, 'alias');
    await link(target, alias);
    await expect(copy({ source: alias })).rejects.toMatchObject({ code: 'BadRequest' });
    expect(await readFile(target, 'utf8')).toBe('0123');
  });

  it('refuses a target that is a link', async () => {
    const victim = join(cache.cacheDir, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, target);
    await expect(copy()).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(await readFile(victim, 'utf8')).toBe('precious');
  });

  it('tells how far it is and stops in the middle when it is cancelled', async () => {
    const bytes = 9 * 1024 * 1024;
    await writeFile(source, Buffer.alloc(bytes, 1));
    await writeFile(target, 'not empty, so it is copied');
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (copied: number) => {
      seen.push(copied);
      stop.abort();
    };
    await expect(copy({ fileSize: bytes, signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'Cancelled',
    });
    expect(seen).toEqual([4 * 1024 * 1024]);
  });
});

describe('foreignPartials', () => {
  const find = () => foreignPartials({ cacheDir: cache.cacheDir, repo: TEST_REPO, hash: HASH, size: 10 });
  const put = (suffix: string, content: string) =>
    writeFile(`${blobPath(cache.cacheDir, TEST_REPO, HASH)}${suffix}`, content);

  it('finds what other tools left of this content, largest first', async () => {
    await put('.incomplete', '0123');
    await put('.1a2b3c4d.incomplete', '01234567');
    const { usable, tooLarge } = await find();
    expect(usable.map(({ bytes }) => bytes)).toEqual([8, 4]);
    expect(usable[0]?.path).toContain('.1a2b3c4d.incomplete');
    expect(tooLarge).toEqual([]);
  });

  it('leaves out ours, empty files, links, folders and other contents', async () => {
    await put('.haulyard.incomplete', '0123');
    await put('.00112233.haulyard.incomplete', '0123');
    await put('.empty.incomplete', '');
    await symlink(source, `${blobPath(cache.cacheDir, TEST_REPO, HASH)}.link.incomplete`);
    await mkdir(`${blobPath(cache.cacheDir, TEST_REPO, HASH)}.folder.incomplete`);
    await writeFile(`${blobPath(cache.cacheDir, TEST_REPO, sha256('other'))}.incomplete`, '0123');
    expect(await find()).toEqual({ usable: [], tooLarge: [] });
  });

  it('reports those larger than the file apart', async () => {
    await put('.incomplete', '0123456789!');
    const { usable, tooLarge } = await find();
    expect(usable).toEqual([]);
    expect(tooLarge).toMatchObject([{ bytes: 11 }]);
  });

  it('is empty for a repository that is not there', async () => {
    const options = { cacheDir: cache.cacheDir, repo: 'no/body', hash: HASH, size: 10 };
    expect(await foreignPartials(options)).toEqual({ usable: [], tooLarge: [] });
  });
});
