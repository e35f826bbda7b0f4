import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../../shared/contract/errors.ts';
import type { Precision } from '../../../../shared/model/catalog.ts';
import { ensureFolders } from '../../../cache/durable.ts';
import { mountFolderOf, requireVolume } from '../../../cache/prepare.ts';
import { makeFolder } from '../../../disk/make-folder.ts';
import { diskError, isAbsent, onDisk } from '../../../errors/cache-error.ts';
import { readProvenance } from './provenance.ts';

/** Name of the folder next to `hub` that contains built models. */
const ROOT_NAME = 'haulyard';

/** Returns the default location of built models: next to the cache, on the same volume. */
export const defaultRoot = (cacheDir: string): string => join(dirname(cacheDir), ROOT_NAME);

/** Returns the id of what is built from a repository: `org/name-q4`. */
export const madeId = (repo: string, variant: Precision): string => `${repo}-${variant}`;

/** The folder of a finished model. */
export const madeFolder = (root: string, repo: string, variant: Precision): string =>
  join(root, ...madeId(repo, variant).split('/'));

/** Returns where a model is built. No program that looks for models considers names with a leading dot. */
export function growingFolder(root: string, repo: string, variant: Precision): string {
  const final = madeFolder(root, repo, variant);
  return join(dirname(final), `.${final.slice(dirname(final).length + 1)}.haulyard.partial`);
}

/**
 * Creates the folder in which a model is built. Throws `PathUnsafe` when a link or a file is in its way, `DiskMissing`
 * as {@link requireRoot} does.
 */
export async function makeGrowingFolder(
  { root, repo, variant }: { readonly root: string; readonly repo: string; readonly variant: Precision },
  wasThere: boolean,
): Promise<string> {
  await requireRoot(root, wasThere);
  const top = await onDisk('making the folder', root, async () => {
    await makeFolder(root);
    return realpath(root);
  });
  const growing = growingFolder(top, repo, variant);
  return ensureFolders(top, growing.slice(top.length + 1).split('/'));
}

/**
 * Throws `DiskMissing` when the disk of the folder is not connected. A folder that `wasThere` is never recreated: if it
 * is gone, what is left may be the empty mount point of its disk.
 */
export async function requireRoot(root: string, wasThere: boolean): Promise<void> {
  await requireVolume(mountFolderOf(resolve(root)));
  if (!wasThere) return;
  const there = await stat(root).catch((cause: unknown) => {
    if (isAbsent(cause)) return null;
    throw diskError(cause, 'looking for the folder', root);
  });
  if (there) return;
  throw new AppError(
    'DiskMissing',
    `Can’t find ${root}, where it was being made. If it is on another disk, connect that disk. Your progress is saved.`,
    { details: { path: root } },
  );
}

/** What exists at the destination of a model. */
export type Occupant = 'nothing' | 'made-here';

/**
 * Checks what exists under the final name. Throws `PathUnsafe` for a link, a file, or a folder that this program did
 * not create: it is never replaced.
 */
export async function occupantOf(folder: string): Promise<Occupant> {
  const there = await lstat(folder).catch((cause: unknown) => {
    if (isAbsent(cause)) return null;
    throw cause;
  });
  if (there === null) return 'nothing';
  if (there.isDirectory() && (await readProvenance(folder).catch(() => null)) !== null) return 'made-here';
  throw new AppError(
    'PathUnsafe',
    `${folder} already exists and wasn’t made by Haulyard. Nothing was changed. Move it aside and try again.`,
    { details: { path: folder } },
  );
}

/** True when two folders are on the same volume, where a file can have two names. */
export async function onSameVolume(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(a), stat(b)]);
  return first.dev === second.dev;
}

/** Makes a folder inside the growing one, for a file whose path has one. */
export async function makeParent(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
}
