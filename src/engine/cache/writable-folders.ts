import { lstat, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { refPath, snapshotFile, snapshotFolder } from './layout.ts';
import { localFolderOf } from './local-folder.ts';
import { testWrite } from './prepare.ts';

/** What is going to appear in a repository. */
export interface PlannedNames {
  readonly cacheDir: string;
  readonly repo: string;
  readonly commit: string;
  readonly revision: string;
  readonly paths: readonly string[];
}

/**
 * Tests that names can be created in every existing folder of the snapshot and of the refs. In a cache that people
 * share, one folder may be somebody else's, which is better reported before the first byte than after the last.
 *
 * Throws `DiskPermission` that names the folder and its owner, and the other errors of {@link testWrite}.
 */
export async function requireWritableFolders(names: PlannedNames): Promise<void> {
  const { cacheDir, repo, commit, revision, paths } = names;
  const top = snapshotFolder(cacheDir, repo, commit);
  const folders = new Set([top]);
  for (const path of paths) {
    for (let folder = dirname(snapshotFile(cacheDir, repo, commit, path)); folder.length > top.length; ) {
      if (folders.has(folder)) break;
      folders.add(folder);
      folder = dirname(folder);
    }
  }
  if (localFolderOf(cacheDir) === null) folders.add(dirname(top));
  folders.add(dirname(refPath(cacheDir, repo, revision)));
  for (const folder of folders) if (await isFolder(folder)) await testWritable(folder);
}

/** Does the same as {@link testWrite}; the error about somebody else's folder names its owner. */
export async function testWritable(folder: string): Promise<void> {
  try {
    await testWrite(folder);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DiskPermission') throw error;
    const owner = await ownerOf(folder);
    if (owner === null) throw error;
    throw new AppError(
      'DiskPermission',
      `You can’t write to ${folder}: it belongs to ${owner}. Ask for access to it.`,
      { cause: error, details: { ...error.details, path: folder, owner, remedy: 'cache-folder' } },
    );
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() === true;
}

/** Returns the name of the user that a folder belongs to, else the number; null when it is this user's own. */
async function ownerOf(folder: string): Promise<string | null> {
  const there = await lstat(folder).catch(() => null);
  if (there === null || there.uid === process.getuid?.()) return null;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = users.split('\n').find((user) => user.split(':')[2] === String(there.uid));
  return line?.split(':')[0] ?? `user ${there.uid}`;
}
