import { resolve, sep } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import { repositoryIdSchema } from '../../shared/model/catalog.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { type RepositoryType, repositoryName, typedRepository } from '../../shared/model/repository.ts';
import { localFolderOf, refuseNoteName } from './local-folder.ts';

// The cache layout of huggingface_hub (docs/hub/local-cache.md of the Hub documentation):
//   models--org--name/blobs/<hash>                 a file, or a link into a store shared by all repositories
//   models--org--name/snapshots/<commit>/<path>    a relative link to the blob
//   models--org--name/refs/<revision>              the commit, without a newline

/** Suffix of our partial files. Tools that look for `.incomplete` list them; none resumes them wrongly. */
export const PARTIAL_SUFFIX = '.haulyard.incomplete';

/** Suffix of all partial files in a cache, whoever wrote them. */
export const INCOMPLETE_SUFFIX = '.incomplete';

/** Where Hugging Face's tools keep lock files; scanners skip it. */
export const LOCKS_FOLDER = '.locks';

/** Prefixes of repository folders: `models--`, `datasets--`, `spaces--`. */
const FOLDER = /^(model|dataset|space)s--(.+)$/;

/** A repository from before organizations, such as `gpt2`. Caches of other tools still contain such folders. */
const LEGACY_ID = /^[A-Za-z0-9_][\w.-]{0,95}$/;

/** Longest name of a file or folder, in bytes, on APFS (in characters there), ext4 and NTFS. */
const MAX_NAME_BYTES = 255;

/** What git forbids in the name of a ref (git check-ref-format), and what a path must not have. */
const BAD_IN_REVISION = /[\p{Cc} ~^:?*[\]\\"<>|]/u;

/** True for the name of a blob: a SHA-256 (64 hex digits) or a git SHA-1 (40). */
export function isBlobHash(name: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/** True for a commit: 40 hex digits. */
export function isCommit(name: string): boolean {
  return /^[0-9a-f]{40}$/.test(name);
}

function unsafe(what: string, value: string): AppError {
  return new AppError(
    'PathUnsafe',
    `${JSON.stringify(value.slice(0, 300))} is not ${what}. Nothing was read or written under that name.`,
  );
}

/** Joins `relative` to `folder`, and proves that the result lies inside. Throws PathUnsafe. */
function inside(folder: string, ...relative: readonly string[]): string {
  const root = resolve(folder);
  const path = resolve(root, ...relative);
  if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw unsafe('a name inside the cache', relative.join('/'));
  }
  return path;
}

/** Returns the folder name of a repository, such as `models--org--name`. Throws PathUnsafe. */
export function repositoryFolderName(repo: string): string {
  const { type, id } = typedRepository(repo);
  const legacy = LEGACY_ID.test(id) && !id.includes('..') && !id.includes('--');
  if (!legacy && !repositoryIdSchema.safeParse(id).success) throw unsafe('a repository id', repo);
  return `${type}s--${id.replace('/', '--')}`;
}

/** Returns the repository of a folder name, null when it is not the folder of one. */
export function repositoryOfFolder(folderName: string): string | null {
  const [, type, name] = FOLDER.exec(folderName) ?? [];
  if (type === undefined || name === undefined) return null;
  const repo = repositoryName({ type: type as RepositoryType, id: name.replace('--', '/') });
  try {
    return repositoryFolderName(repo) === folderName ? repo : null;
  } catch {
    return null;
  }
}

/** Returns the folder of a repository. Absolute, like all paths below. Throws PathUnsafe. */
export function repositoryFolder(cacheDir: string, repo: string): string {
  return inside(cacheDir, repositoryFolderName(repo));
}

/** Returns the folder of the contents of a repository. */
export function blobsFolder(cacheDir: string, repo: string): string {
  return inside(repositoryFolder(cacheDir, repo), 'blobs');
}

/** Returns the folder of the refs of a repository. */
export function refsFolder(cacheDir: string, repo: string): string {
  return inside(repositoryFolder(cacheDir, repo), 'refs');
}

/** Returns the folder of the snapshots of a repository. */
export function snapshotsFolder(cacheDir: string, repo: string): string {
  return inside(repositoryFolder(cacheDir, repo), 'snapshots');
}

/** Returns the folder in which Hugging Face's tools keep the locks of a repository. */
export function locksFolder(cacheDir: string, repo: string): string {
  return inside(cacheDir, LOCKS_FOLDER, repositoryFolderName(repo));
}

/** Returns the path of a finished content. `hash` is a SHA-256 or git SHA-1 in hex. */
export function blobPath(cacheDir: string, repo: string, hash: string): string {
  if (!isBlobHash(hash)) throw unsafe('a content hash', hash);
  return inside(blobsFolder(cacheDir, repo), hash);
}

/** Returns the path of a content while it is being fetched: `blobs/<hash>.haulyard.incomplete`. */
export function partialPath(cacheDir: string, repo: string, hash: string): string {
  return `${blobPath(cacheDir, repo, hash)}${PARTIAL_SUFFIX}`;
}

/**
 * Returns the path of second copies of blocks while a wrong content is compared:
 * `blobs/<hash>.copies.haulyard.incomplete`.
 */
export function copiesPath(cacheDir: string, repo: string, hash: string): string {
  return `${blobPath(cacheDir, repo, hash)}.copies${PARTIAL_SUFFIX}`;
}

/** Returns the folder of one snapshot; for a local folder, that folder. `commit` has 40 hex digits. */
export function snapshotFolder(cacheDir: string, repo: string, commit: string): string {
  if (!isCommit(commit)) throw unsafe('a commit', commit);
  return localFolderOf(cacheDir) ?? inside(snapshotsFolder(cacheDir, repo), commit);
}

/** Returns where folders of a snapshot are created: the existing folder to start from, and the folders below it. */
export function snapshotFolders(cacheDir: string, repo: string, commit: string, path: string) {
  const folders = filePathSegments(path).slice(0, -1);
  const local = localFolderOf(cacheDir);
  return local === null
    ? { root: snapshotsFolder(cacheDir, repo), segments: [commit, ...folders] }
    : { root: local, segments: folders };
}

/** Returns the segments of a file path of a repository. Throws PathUnsafe. */
export function filePathSegments(path: string): readonly string[] {
  checkFilePath(path);
  return path.split('/');
}

/** Returns where a file of a repository appears at a commit. `path` has `/` between its segments. */
export function snapshotFile(cacheDir: string, repo: string, commit: string, path: string): string {
  const segments = filePathSegments(path);
  if (localFolderOf(cacheDir) !== null) refuseNoteName(segments);
  return inside(snapshotFolder(cacheDir, repo, commit), ...segments);
}

/** Returns the segments of a branch, tag or `refs/pr/1`. Throws PathUnsafe. */
export function revisionSegments(revision: string): readonly string[] {
  const segments = revision.split('/');
  const good = segments.every(
    (segment) =>
      segment !== '' &&
      !segment.startsWith('.') &&
      !segment.endsWith('.') &&
      !segment.includes('..') &&
      Buffer.byteLength(segment) <= MAX_NAME_BYTES,
  );
  if (!good || revision.length > 1000 || !revision.isWellFormed() || BAD_IN_REVISION.test(revision))
    throw unsafe('a revision', revision);
  return segments;
}

/** Returns the path of the file with the commit of a branch or tag. */
export function refPath(cacheDir: string, repo: string, revision: string): string {
  return inside(refsFolder(cacheDir, repo), ...revisionSegments(revision));
}
