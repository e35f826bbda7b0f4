import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { isAbsent, onDisk } from '../errors/cache-error.ts';
import { ensureFolders, lstatOrNull, replaceAtomically, temporaryPath } from './durable.ts';
import { isCommit, refPath, refsFolder, repositoryFolder, revisionSegments } from './layout.ts';

/** A ref holds 40 characters; more than this is something else. */
const MAX_REF_BYTES = 256;

/** Refs have few levels (`refs/pr/1`); deeper folders are not ours to walk. */
const MAX_REF_DEPTH = 8;

/** A branch or tag recorded in the cache. */
export interface Ref {
  readonly revision: string;
  readonly commit: string;
  /** The file that holds it. */
  readonly path: string;
}

/**
 * Returns the commit in a ref file, or null when there is no file or no commit in it. A trailing newline is accepted.
 */
export async function readRefFile(path: string): Promise<string | null> {
  const there = await lstatOrNull(path);
  if (there === null || !there.isFile() || there.size > MAX_REF_BYTES) return null;
  const text = (await readFile(path, 'utf8')).trim();
  return isCommit(text) ? text : null;
}

/**
 * Writes which commit a branch or tag points to, as Hugging Face's tools read it: the 40 digits without a newline (they
 * compare without trimming). Writes nothing for a revision that is the commit itself, or when it is already so. Returns
 * whether something was written. Throws PathUnsafe or a disk error.
 */
export async function writeRef(
  cacheDir: string,
  repo: string,
  revision: string,
  commit: string,
): Promise<boolean> {
  const path = refPath(cacheDir, repo, revision);
  if (!isCommit(commit))
    throw new AppError('PathUnsafe', 'A ref was not written: no commit was given for it.');
  if (revision === commit) return false;
  await ensureFolders(refsFolder(cacheDir, repo), revisionSegments(revision).slice(0, -1));
  const there = await onDisk('reading', path, () => lstatOrNull(path));
  if (there?.isFile() === true && there.size === commit.length && (await readRefFile(path)) === commit) {
    return false;
  }
  await replaceAtomically(path, temporaryPath(repositoryFolder(cacheDir, repo)), async (temporary) => {
    await writeFile(temporary, commit, { flag: 'wx', flush: true });
  });
  return true;
}

/**
 * Returns all refs below `folder`, the refs folder of a repository. Does not follow links. `onOdd` receives a sentence
 * about what is not a ref; a folder that cannot be read throws the system's error.
 */
export async function listRefs(folder: string, onOdd: (sentence: string) => void): Promise<readonly Ref[]> {
  return walk(folder, '', 0, onOdd);
}

async function walk(
  folder: string,
  prefix: string,
  depth: number,
  onOdd: (sentence: string) => void,
): Promise<readonly Ref[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (depth === 0 && isAbsent(cause)) return [];
    throw cause;
  });
  const refs: Ref[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const revision = `${prefix}${entry.name}`;
    if (entry.isDirectory() && depth < MAX_REF_DEPTH) {
      refs.push(...(await walk(path, `${revision}/`, depth + 1, onOdd)));
      continue;
    }
    const commit = entry.isFile() ? await readRefFile(path) : null;
    if (commit !== null) refs.push({ revision, commit, path });
    else if (entry.name !== '.DS_Store') onOdd(`${path} holds no commit.`);
  }
  return refs;
}
