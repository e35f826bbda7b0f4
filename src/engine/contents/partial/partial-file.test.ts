import { execFileSync } from 'node:child_process';
import {
  link,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartialFile } from './partial-file.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partial-'));
  path = join(folder, 'abc.haulyard.incomplete');
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('a partial file', () => {
  it('is made with the full length and holds no blocks yet', async () => {
    const file = await PartialFile.open(path);
    await file.setLength(100_000_000);
    await file.close();
    const { size, blocks } = await stat(path);
    expect(size).toBe(100_000_000);
    expect(blocks * 512).toBeLessThan(1_000_000);
    expect(file.lengthAtOpen).toBe(0);
  });

  it('takes writes at any offset, in any order', async () => {
    const file = await PartialFile.open(path);
    await file.setLength(10);
    await Promise.all([
      file.write([Buffer.from('67'), Buffer.alloc(0), Buffer.from('89')], 6),
      file.write([Buffer.from('0123')], 0),
      file.write([Buffer.from('45')], 4),
    ]);
    await file.sync();
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('0123456789');
  });

  it('takes more buffers than one system call may carry', async () => {
    const file = await PartialFile.open(path);
    const buffers = Array.from({ length: 5000 }, (_, index) => Buffer.from([index % 256]));
    await file.write(buffers, 3);
    await file.close();
    expect((await readFile(path)).subarray(3).equals(Buffer.concat(buffers))).toBe(true);
  });

  it('returns how much was there, and cuts off what cannot belong to the content', async () => {
    await writeFile(path, 'x'.repeat(50));
    const file = await PartialFile.open(path);
    expect(file.lengthAtOpen).toBe(50);
    await file.setLength(20);
    await file.close();
    expect((await stat(path)).size).toBe(20);
  });

  it('never follows a link', async () => {
    const target = join(folder, 'precious');
    await writeFile(target, 'precious');
    await symlink(target, path);
    await expect(PartialFile.open(path)).rejects.toMatchObject({ code: 'DiskPermission' });
    expect(await readFile(target, 'utf8')).toBe('precious');
  });

  it('is refused where a folder stands', async () => {
    await mkdir(path);
    await expect(PartialFile.open(path)).rejects.toMatchObject({ code: 'DiskPermission' });
  });

  it('is refused where a pipe stands, without waiting for its other end', async () => {
    execFileSync('mkfifo', [path]);
    await expect(PartialFile.open(path)).rejects.toMatchObject({ code: 'DiskPermission' });
  });

  it('reports a missing folder as a missing disk', async () => {
    await expect(PartialFile.open(join(folder, 'gone', 'x'))).rejects.toMatchObject({ code: 'DiskMissing' });
  });

  it('fails with an error that can be shown when it cannot be written', async () => {
    const closed = await PartialFile.open(path);
    await closed.close();
    await expect(closed.write([Buffer.from('x')], 0)).rejects.toMatchObject({ name: 'AppError' });
  });
});

describe('a partial file that others touch', () => {
  it('is in place while it is the same file in full length', async () => {
    const file = await PartialFile.open(path);
    await file.setLength(10);
    expect(await file.isInPlace(10)).toBe(true);
    await file.close();
  });

  it.each([
    ['deleted', () => rm(path)],
    ['cut', () => truncate(path, 9)],
    [
      'replaced',
      async () => {
        await rename(path, `${path}.old`);
        await writeFile(path, '0123456789');
      },
    ],
  ])('is not in place once it was %s', async (_, harm) => {
    const file = await PartialFile.open(path);
    await file.setLength(10);
    await harm();
    expect(await file.isInPlace(10)).toBe(false);
    await file.close();
  });
});

describe('a partial that is a hard link', () => {
  it('is refused: another file would be overwritten', async () => {
    const other = join(folder, 'other');
    await writeFile(other, 'important');
    await link(other, path);
    await expect(PartialFile.open(path)).rejects.toMatchObject({ code: 'DiskPermission' });
    expect(await readFile(other, 'utf8')).toBe('important');
  });
});
