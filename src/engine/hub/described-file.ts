import type { Endpoint } from './endpoint.ts';
import { isGitSha1, isSha256 } from './etag.ts';
import { notAHub } from './hub-request.ts';
import type { RemoteFile } from './remote-file.ts';

type Maybe<T> = T | null | undefined;

/** What the Hub says of a file, in whichever list it says it. */
export interface FileDescription {
  readonly path: string;
  readonly size: Maybe<number>;
  /** Git SHA-1 of the file, or of the LFS pointer. */
  readonly gitSha1: Maybe<string>;
  readonly isLfs: boolean;
  /** SHA-256 of an LFS file's content, and its size. */
  readonly sha256: Maybe<string>;
  readonly lfsSize: Maybe<number>;
}

/**
 * The file with the hash of its content: SHA-256 for LFS files (their git SHA-1 is that of the pointer), git SHA-1 for the rest.
 * Null when the size or that hash is missing. Throws `BadRequest` when one of them is not a size or not a hash.
 */
export function describedFile(endpoint: Endpoint, file: FileDescription): RemoteFile | null {
  const size = (file.isLfs ? file.lfsSize : null) ?? file.size ?? null;
  const hash = (file.isLfs ? file.sha256 : file.gitSha1) ?? null;
  if (size === null || hash === null) return null;
  const valid = Number.isSafeInteger(size) && size >= 0 && (file.isLfs ? isSha256(hash) : isGitSha1(hash));
  if (!valid) throw notAHub(endpoint, 'shape');
  return { path: file.path, size, hash: hash.toLowerCase(), algorithm: file.isLfs ? 'sha256' : 'git-sha1' };
}
