import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'haulyard-folder-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('creates what is missing and returns where it began', async () => {
    expect(await makeFolder(join(root, 'a', 'b', 'c'))).toBe(join(root, 'a'));
    expect((await stat(join(root, 'a', 'b', 'c'))).isDirectory()).toBe(true);
  });

  it('leaves existing folders alone', async () => {
    expect(await makeFolder(root)).toBeNull();
  });

  it('reports a file in the way', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(root, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('reports a disconnected disk for a dangling link', async () => {
    await symlink('/Volumes/away/models', join(root, 'link'));
    for (const folder of [join(root, 'link'), join(root, 'link', 'hub')]) {
      await expect(makeFolder(folder)).rejects.toMatchObject({
        code: 'DiskMissing',
        retryable: true,
        message: expect.stringContaining('isn’t connected'),
        details: { path: join(root, 'link'), target: '/Volumes/away/models' },
      });
    }
  });

  it.runIf(process.platform === 'linux')('ends where no folder can be made', async () => {
    await expect(makeFolder('/proc/haulyard/below')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('supports concurrent calls', async () => {
    const folder = join(root, 'x', 'y');
    await Promise.all(Array.from({ length: 8 }, () => makeFolder(folder)));
    expect((await stat(folder)).isDirectory()).toBe(true);
  });
});
