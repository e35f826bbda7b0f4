import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent, onDisk } from '../errors/cache-error.ts';
import { blobPath, blobsFolder, INCOMPLETE_SUFFIX, PARTIAL_SUFFIX } from './layout.ts';
import { localFolderOf } from './local-folder.ts';
import { localPartials } from './local-notes.ts';

/** A partial file of another tool. */
export interface ForeignPartial {
  readonly path: string;
  /** Its length. */
  readonly bytes: number;
  /** What it occupies; less than `bytes` when it has holes, which are not content. */
  readonly allocatedBytes: number;
}

/** Result of {@link foreignPartials}. */
export interface ForeignPartials {
  /** Those that may be a prefix of the content, largest first. */
  readonly usable: readonly ForeignPartial[];
  /** Those that are longer than the content, so something else or damaged. */
  readonly tooLarge: readonly ForeignPartial[];
}

/** The content whose partials to find. */
export interface ForeignPartialsOptions {
  readonly cacheDir: string;
  readonly repo: string;
  readonly hash: string;
  /** Length of the whole content in bytes. */
  readonly size: number;
  /** Its paths in the repository, for partials next to them in a local folder. */
  readonly paths?: readonly string[];
}

/**
 * Returns what other tools left of a content in this repository: `<hash>.incomplete` (huggingface_hub to 1.17,
 * huggingface.js) and `<hash>.<8 hex>.incomplete` (huggingface_hub from 1.18). Ours, empty files and links are left
 * out. Throws PathUnsafe or a disk error; a missing repository has none.
 */
export async function foreignPartials(options: ForeignPartialsOptions): Promise<ForeignPartials> {
  const { cacheDir, repo, hash, size, paths = [] } = options;
  const prefix = `${hash}.`;
  blobPath(cacheDir, repo, hash);
  const folder = blobsFolder(cacheDir, repo);
  const found = await onDisk('looking for unfinished files in', folder, async () => {
    const names = (await namesIn(folder)).filter(
      (name) => name.startsWith(prefix) && name.endsWith(INCOMPLETE_SUFFIX) && !name.endsWith(PARTIAL_SUFFIX),
    );
    const local = localFolderOf(cacheDir);
    const beside = local === null ? [] : paths.map((path) => localPartials(local, path, hash));
    const all = [...names.map((name) => join(folder, name)), ...(await Promise.all(beside)).flat()];
    return Promise.all(all.map(partialAt));
  });
  const partials = found.filter((partial) => partial !== null).sort((a, b) => b.bytes - a.bytes);
  return {
    usable: partials.filter((partial) => partial.bytes <= size),
    tooLarge: partials.filter((partial) => partial.bytes > size),
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isAbsent(cause)) return [];
    throw cause;
  }
}

async function partialAt(path: string): Promise<ForeignPartial | null> {
  try {
    const there = await lstat(path);
    if (!there.isFile() || there.size === 0) return null;
    return { path, bytes: there.size, allocatedBytes: there.blocks * 512 };
  } catch (cause) {
    // huggingface_hub removes its temporary file when it ends.
    if (isAbsent(cause)) return null;
    throw cause;
  }
}
