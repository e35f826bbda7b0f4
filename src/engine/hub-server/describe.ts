import { createHash } from 'node:crypto';
import type { SharedCommit, SharedFile } from './shared-files.ts';

/**
 * Shared files in the Hub's API format. What the Hub knows and this cache does not (dates, counts, tags) is left out,
 * or has the value of an empty repository where clients insist on it.
 */

/** The response to `/api/models/{repo}/revision/{revision}`, without its `siblings`. */
export function describeModel({ repo, commit }: SharedCommit): Readonly<Record<string, unknown>> {
  const [author] = repo.includes('/') ? repo.split('/') : [];
  return {
    _id: createHash('sha256').update(repo).digest('hex').slice(0, 24),
    id: repo,
    modelId: repo,
    ...(author === undefined ? {} : { author }),
    sha: commit,
    private: false,
    gated: false,
    disabled: false,
    tags: [],
    downloads: 0,
    likes: 0,
  };
}

/** One of its `siblings`; sizes and hashes when `blobs` were requested. */
export function describeSibling({ path, size, hash, algorithm }: SharedFile, blobs: boolean) {
  if (!blobs) return { rfilename: path };
  if (algorithm === 'git-sha1') return { rfilename: path, size, blobId: hash };
  const pointer = lfsPointer(hash, size);
  return {
    rfilename: path,
    size,
    blobId: gitHash(pointer),
    lfs: { sha256: hash, size, pointerSize: pointer.length },
  };
}

/** One file of a tree. With `expand` it has a last commit, which JavaScript insists on: the requested one. */
export function describeEntry({ path, size, hash, algorithm }: SharedFile, commit: string, expand: boolean) {
  const lastCommit = { id: commit, title: '', date: new Date(0).toISOString() };
  const shared = { type: 'file', size, path, ...(expand ? { lastCommit } : {}) };
  if (algorithm === 'git-sha1') return { ...shared, oid: hash };
  const pointer = lfsPointer(hash, size);
  return {
    ...shared,
    oid: gitHash(pointer),
    lfs: { oid: hash, size, pointerSize: pointer.length },
  };
}

/** A folder of a tree. Its hash is unknown, and no client checks it. */
export function describeFolder(path: string, commit: string) {
  return {
    type: 'directory',
    size: 0,
    path,
    oid: createHash('sha1').update(`${commit} ${path}`).digest('hex'),
  };
}

/** What git stores instead of a large file (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const lfsPointer = (sha256: string, size: number) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;

const gitHash = (text: string) => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
