import { constants, lstat, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join, parse, resolve, sep } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { makeFolder } from '../disk/make-folder.ts';
import { diskError, errnoOf, isAbsent, onDisk } from '../errors/cache-error.ts';
import { discard, ensureFolders, syncFolder, temporaryPath } from './durable.ts';
import { blobsFolder, refsFolder, repositoryFolder, snapshotsFolder } from './layout.ts';

/** The first line is the fixed signature of the Cache Directory Tagging Specification (bford.info/cachedir). */
const CACHEDIR_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache: what is in it can be fetched again, so backups may leave it out.
# It was made by Haulyard in the layout that huggingface_hub uses.
# What this file is for: https://bford.info/cachedir/
`;

/** Bytes of the write test: one block of common file systems. */
const TEST_BYTES = 4096;

/** The folders of a repository, created and writable. */
export interface RepositoryFolders {
  readonly folder: string;
  readonly blobs: string;
  readonly refs: string;
  readonly snapshots: string;
}

/** Options for preparing a repository. */
export interface PrepareOptions {
  readonly cacheDir: string;
  readonly repo: string;
}

/**
 * Returns the folder at which a removable volume is mounted, when the path lies on one: `/Volumes/X` (macOS),
 * `/media/user/X`, `/run/media/user/X` (Linux). Null otherwise.
 */
export function mountFolderOf(path: string): string | null {
  const match = /^(?:\/Volumes\/[^/]+|\/media\/[^/]+\/[^/]+|\/run\/media\/[^/]+\/[^/]+)(?=\/|$)/.exec(path);
  return match?.[0] ?? null;
}

/**
 * Throws `DiskMissing` when the volume mounted at `mount` is not connected. Otherwise a folder on it would be created
 * on the system's own disk.
 */
export async function requireVolume(mount: string | null): Promise<void> {
  if (mount === null) return;
  try {
    await lstat(mount);
  } catch (cause) {
    if (!isAbsent(cause)) throw diskError(cause, 'looking for the volume', mount);
    throw new AppError(
      'DiskMissing',
      `The volume ${mount} isn’t connected. Connect it. Your progress is saved.`,
      {
        cause,
        details: { path: mount },
      },
    );
  }
}

/**
 * Creates the root of a cache if it does not exist, with its CACHEDIR.TAG, which is left out where the folder existed.
 * Throws DiskMissing, DiskPermission, DiskFull or PathUnsafe.
 * @param mountOf Finds the folder that must exist already, because a removable volume is mounted there.
 */
export async function prepareCacheRoot(cacheDir: string, mountOf = mountFolderOf): Promise<void> {
  const root = resolve(cacheDir);
  await requireVolume(mountOf(root));
  await onDisk('making the cache folder', root, async () => {
    if ((await makeFolder(root)) === null) return;
    await writeFile(join(root, 'CACHEDIR.TAG'), CACHEDIR_TAG, { flag: 'wx' }).catch((cause: unknown) => {
      if (errnoOf(cause) !== 'EEXIST') throw cause;
    });
    await syncFolder(root);
    if (root !== parse(root).root) await syncFolder(join(root, '..'));
  });
}

/** Writes, syncs and removes a small file in `folder`. Throws DiskPermission, DiskFull or DiskMissing. */
export async function testWrite(folder: string): Promise<void> {
  const path = temporaryPath(folder);
  await onDisk('writing a test file to', folder, async () => {
    try {
      const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY);
      try {
        await file.write(Buffer.alloc(TEST_BYTES));
        await file.datasync();
      } finally {
        await file.close();
      }
    } finally {
      await discard(path);
    }
  });
}

/** Behind a link there may be a folder in which somebody else exchanges files between check and use. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const uid = process.getuid?.();
  if (uid === undefined || !(await lstat(folder)).isSymbolicLink()) return;
  if ((await stat(folder)).uid === uid) return;
  throw new AppError(
    'PathUnsafe',
    `${folder} is a link to a folder of another user. Nothing was written there. Link to a folder of your own, or remove the link.`,
    { details: { path: folder } },
  );
}

/**
 * Creates the folders of a repository and tests that they can be written to. The repository's folder and `blobs` may be
 * links, as people move a model to another volume that way; `refs` and `snapshots` may not (PathUnsafe, see
 * ensureFolders).
 */
export async function prepareRepository(options: PrepareOptions): Promise<RepositoryFolders> {
  const { cacheDir, repo } = options;
  const folders: RepositoryFolders = {
    folder: repositoryFolder(cacheDir, repo),
    blobs: blobsFolder(cacheDir, repo),
    refs: refsFolder(cacheDir, repo),
    snapshots: snapshotsFolder(cacheDir, repo),
  };
  await prepareCacheRoot(cacheDir);
  for (const folder of [folders.folder, folders.blobs]) {
    await onDisk('making the folder', folder, async () => {
      // Not recursive: a parent that vanished in the meantime is a missing volume, not a folder to create again.
      await mkdir(folder).catch((cause: unknown) => {
        if (errnoOf(cause) !== 'EEXIST') throw cause;
      });
      await lstat(folder + sep);
      await refuseForeignFolder(folder);
    });
  }
  await ensureFolders(folders.refs, []);
  await ensureFolders(folders.snapshots, []);
  await syncFolder(folders.folder);
  await testWrite(folders.blobs);
  return folders;
}
