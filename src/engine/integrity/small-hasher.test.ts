import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallHasher } from './small-hasher.ts';

const SIZE = 100_000;
const content = randomBytes(SIZE);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-small-'));
  path = join(folder, 'content');
  await writeFile(path, content);
});
afterAll(() => rm(folder, { recursive: true }));

describe('smallHasher', () => {
  it.each([
    [0, SIZE],
    [0, 0],
    [10, 20],
  ])('digests the bytes from %d to %d', async (start, end) => {
    expect(await smallHasher.hash({ path, start, end }, 'sha256')).toBe(sha256(content.subarray(start, end)));
  });

  it('names a content as git does', async () => {
    const { stdout } = await promisify(execFile)('git', ['hash-object', '--no-filters', path]);
    const stream = smallHasher.openStream('git-sha1', SIZE);
    await stream.feed({ path, start: 0, end: 60_000 });
    await stream.feed({ path, start: 60_000, end: SIZE });
    expect(await stream.digest()).toBe(stdout.trim());
  });

  it('digests parts that follow each other', async () => {
    const stream = smallHasher.openPart();
    await stream.feed({ path, start: 5, end: 60_000 });
    await stream.feed({ path, start: 60_000, end: SIZE });
    expect(await stream.digest()).toBe(sha256(content.subarray(5)));
  });

  it('fails with DiskMissing when the file ends before the part does', async () => {
    const hashing = smallHasher.hash({ path, start: 0, end: SIZE + 1 }, 'sha256');
    await expect(hashing).rejects.toMatchObject({ code: 'DiskMissing', details: { cut: true } });
  });

  it('fails with DiskMissing when the file is not there', async () => {
    const hashing = smallHasher.hash({ path: join(folder, 'nothing'), start: 0, end: 1 }, 'sha256');
    await expect(hashing).rejects.toMatchObject({ code: 'DiskMissing' });
  });
});
