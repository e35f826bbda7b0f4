import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountFolderOf, prepareCacheRoot, prepareRepository } from './prepare.ts';
import { createVolumeProbes } from './probes.ts';

const REPO = 'org/model';
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'haulyard-prepare-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Permissions do not apply to root, as which containers run tests. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('prepareRepository', () => {
  it('makes the folders of a repository and leaves nothing else in them', async () => {
    const cacheDir = join(root, 'a', 'hub');
    const folders = await prepareRepository({ cacheDir, repo: REPO });
    expect((await readdir(folders.folder)).sort()).toEqual(['blobs', 'refs', 'snapshots']);
    expect(await readdir(folders.blobs)).toEqual([]);
    await prepareRepository({ cacheDir, repo: REPO });
  });

  it('marks a cache root that it made as a cache', async () => {
    const cacheDir = join(root, 'hub');
    await prepareRepository({ cacheDir, repo: REPO });
    const tag = await readFile(join(cacheDir, 'CACHEDIR.TAG'), 'utf8');
    expect(tag.split('\n')[0]).toBe('Signature: 8a477f597d28d172789f06886806bc55');
  });

  it('puts no tag into a folder that was there before', async () => {
    await prepareRepository({ cacheDir: root, repo: REPO });
    expect(await readdir(root)).toEqual(['models--org--model']);
  });

  it('names the folder that a file stands in the way of', async () => {
    await mkdir(join(root, 'models--org--model'));
    await writeFile(join(root, 'models--org--model', 'blobs'), '');
    await expect(prepareRepository({ cacheDir: root, repo: REPO })).rejects.toMatchObject({
      code: 'PathUnsafe',
      message: expect.stringContaining(join(root, 'models--org--model', 'blobs')),
    });
  });

  it('accepts blobs moved to another place, and rejects snapshots that a link leads elsewhere at once', async () => {
    const { blobs, snapshots } = await prepareRepository({ cacheDir: root, repo: REPO });
    await rename(blobs, join(root, 'moved'));
    await symlink(join(root, 'moved'), blobs);
    await prepareRepository({ cacheDir: root, repo: REPO });
    await rename(snapshots, join(root, 'gone'));
    await symlink(join(root, 'gone'), snapshots);
    await expect(prepareRepository({ cacheDir: root, repo: REPO })).rejects.toMatchObject({
      code: 'PathUnsafe',
      message: expect.stringContaining(snapshots),
    });
  });

  it('names the folder that cannot be written to', async () => {
    await chmod(root, 0o755);
    const { blobs } = await prepareRepository({ cacheDir: root, repo: REPO });
    await chmod(blobs, 0o555);
    const failed = asOrdinaryUser(() => prepareRepository({ cacheDir: root, repo: REPO }));
    await expect(failed).rejects.toMatchObject({
      code: 'DiskPermission',
      message: expect.stringContaining(blobs),
    });
  });

  it('does not make a folder for a volume that is not connected', async () => {
    const mount = join(root, 'Big Disk');
    await expect(prepareCacheRoot(join(mount, 'hub'), () => mount)).rejects.toMatchObject({
      code: 'DiskMissing',
      message: expect.stringContaining(mount),
    });
    expect(await readdir(root)).toEqual([]);
  });
});

describe('mountFolderOf', () => {
  it.each([
    ['/Volumes/Big Disk/hub', '/Volumes/Big Disk'],
    ['/media/ann/usb', '/media/ann/usb'],
    ['/run/media/ann/usb/a/b', '/run/media/ann/usb'],
    ['/Volumes', null],
    ['/home/Volumes/x', null],
  ])('finds for %s %s', (path, expected) => {
    expect(mountFolderOf(path)).toBe(expected);
  });
});

describe('createVolumeProbes', () => {
  it('finds links on this volume, asks once, and leaves nothing that a scanner would report', async () => {
    const probes = createVolumeProbes({ symlinksDisabled: false });
    const first = probes.traits(root);
    expect(probes.traits(join(root, '.'))).toBe(first);
    expect((await first).symlinks).toBe(true);
    expect(await readdir(root)).toEqual(['.locks']);
    expect(await readdir(join(root, '.locks'))).toEqual([]);
  });

  it('agrees with the volume about case', async () => {
    await writeFile(join(root, 'probe-a'), '');
    const same = await lstat(join(root, 'PROBE-A')).then(
      () => true,
      () => false,
    );
    const traits = await createVolumeProbes({ symlinksDisabled: false }).traits(root);
    expect(traits.caseInsensitive).toBe(same);
  });

  it('reports no links when they are switched off', async () => {
    expect((await createVolumeProbes({ symlinksDisabled: true }).traits(root)).symlinks).toBe(false);
  });

  it('asks again after a failure', async () => {
    const probes = createVolumeProbes({ symlinksDisabled: false });
    const cacheDir = join(root, 'later');
    await expect(probes.traits(cacheDir)).rejects.toMatchObject({ code: 'DiskMissing' });
    await mkdir(cacheDir);
    expect((await probes.traits(cacheDir)).symlinks).toBe(true);
  });
});
