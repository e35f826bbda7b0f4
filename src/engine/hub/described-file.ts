import { isGitSha1, isSha256 } from './etag.ts';
import type { RemoteFile } from './remote-file.ts';
import { ShapeProblem } from './shape-problem.ts';

/** A file as described by any of the Hub's lists, unchecked. */
export interface FileDescription {
  readonly path: unknown;
  readonly size: unknown;
  /** Git SHA-1 of the file, or of the LFS pointer. */
  readonly gitSha1: unknown;
  /** SHA-256 of an LFS file's content, under `lfsHashKey`, and its size. */
  readonly lfs: unknown;
  readonly lfsHashKey: 'sha256' | 'oid';
}

/**
 * Returns the file with the hash of its content: SHA-256 for LFS files (their git SHA-1 is that of the pointer), git
 * SHA-1 for the rest. Null when the size or that hash is missing. Throws {@link ShapeProblem} when one of them is not a
 * size or not a hash.
 */
export function describedFile({ path, size, gitSha1, lfs, lfsHashKey }: FileDescription): RemoteFile | null {
  if (typeof path !== 'string') throw new ShapeProblem('a file without a name');
  const large = lfs === null || lfs === undefined ? null : recordOf(lfs);
  const bytes = (large ? numberOf(large.size) : null) ?? numberOf(size);
  const hash = large ? textOf(large[lfsHashKey]) : textOf(gitSha1);
  if (bytes === null || hash === null) return null;
  const isValid = Number.isSafeInteger(bytes) && bytes >= 0 && (large ? isSha256(hash) : isGitSha1(hash));
  if (!isValid) throw new ShapeProblem('a size or a hash that is none');
  return { path, size: bytes, hash: hash.toLowerCase(), algorithm: large ? 'sha256' : 'git-sha1' };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new ShapeProblem('an LFS entry that is no object');
}

function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || typeof value === 'number') return value ?? null;
  throw new ShapeProblem('a size that is no number');
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined || typeof value === 'string') return value ?? null;
  throw new ShapeProblem('a hash that is no text');
}
