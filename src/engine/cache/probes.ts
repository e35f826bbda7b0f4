import { lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errnoOf, isAbsent, onDisk } from '../errors/cache-error.ts';
import { LOCKS_FOLDER } from './layout.ts';

/** What a volume supports. */
export interface VolumeTraits {
  /** False where links cannot be created; files are then put into the snapshot folder themselves. */
  readonly symlinks: boolean;
  /** True when `A` and `a` are one file. */
  readonly caseInsensitive: boolean;
}

/** errno of a file system, or of a system's policy, without symbolic links. */
const NO_SYMLINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EINVAL',
  'UNKNOWN',
]);

async function canLink(folder: string): Promise<boolean> {
  try {
    await symlink('target', join(folder, 'link'), 'file');
    return true;
  } catch (cause) {
    if (NO_SYMLINKS.has(errnoOf(cause))) return false;
    throw cause;
  }
}

async function ignoresCase(folder: string): Promise<boolean> {
  await writeFile(join(folder, 'case'), '');
  try {
    await lstat(join(folder, 'CASE'));
    return true;
  } catch (cause) {
    if (isAbsent(cause)) return false;
    throw cause;
  }
}

async function probe(cacheDir: string, symlinksDisabled: boolean): Promise<VolumeTraits> {
  return onDisk('testing the volume of', cacheDir, async () => {
    // Scanners of the cache report any folder at its root but skip this one.
    const locks = join(cacheDir, LOCKS_FOLDER);
    await mkdir(locks).catch((cause: unknown) => {
      if (errnoOf(cause) !== 'EEXIST') throw cause;
    });
    const folder = await mkdtemp(join(locks, 'haulyard-probe-'));
    try {
      const caseInsensitive = await ignoresCase(folder);
      return { symlinks: !symlinksDisabled && (await canLink(folder)), caseInsensitive };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Probes each cache folder once. */
export interface VolumeProbes {
  /** Returns the traits of the volume of an existing cache folder. Throws a disk error; the next call tries again. */
  traits(cacheDir: string): Promise<VolumeTraits>;
}

/** @param options.symlinksDisabled The value of HF_HUB_DISABLE_SYMLINKS. */
export function createVolumeProbes(options: { readonly symlinksDisabled: boolean }): VolumeProbes {
  const known = new Map<string, Promise<VolumeTraits>>();
  return {
    traits(cacheDir) {
      const root = resolve(cacheDir);
      const answered = known.get(root);
      if (answered !== undefined) return answered;
      const asked = probe(root, options.symlinksDisabled);
      known.set(root, asked);
      asked.catch(() => known.delete(root));
      return asked;
    },
  };
}
