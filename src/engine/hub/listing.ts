import { type ArrayLimits, readArray } from '../json/read-array.ts';
import { describedFile } from './described-file.ts';
import { isGitSha1 } from './etag.ts';
import type { RemoteFile } from './remote-file.ts';
import { ShapeProblem } from './shape-problem.ts';

/** Which response of the Hub is read: a repository at a revision, or one page of its file tree. */
export type ListingKind = 'repository' | 'tree';

/** What a listing contains besides its files. */
export interface ListingHead {
  /** For a repository, the lower-case commit; empty for a page of a tree. */
  readonly commit: string;
  readonly gated: boolean;
  /** True when the response states explicitly that anybody may read the repository: neither private nor gated. */
  readonly saysPublic: boolean;
  readonly disabled: boolean;
  /** False when there was no list at all. */
  readonly hasList: boolean;
  /** ISO time of the last change; null when the response does not contain it. */
  readonly updatedAt: string | null;
}

/** Head of a list that has only entries. */
export const NO_HEAD: ListingHead = {
  commit: '',
  gated: false,
  saysPublic: false,
  disabled: false,
  hasList: true,
  updatedAt: null,
};

/**
 * Maximum number of files of a repository. The Hub itself recommends fewer than 100,000
 * (https://huggingface.co/docs/hub/storage-limits); each costs memory here and a name on disk.
 */
export const MAX_FILES = 250_000;

/** Callbacks that receive a listing, entry by entry. */
export interface ListingReader {
  readonly onFile: (file: RemoteFile) => void;
  /** Called for a file whose size or hash is missing, as some mirrors omit them. */
  readonly onName: (path: string) => void;
}

/** A path has 1000 characters at most, of up to six bytes each in JSON; the rest is hashes and numbers. */
const LIMITS: ArrayLimits = { maxElements: MAX_FILES, maxElementBytes: 16_384, maxRestBytes: 4 << 20 };

/** Reads a listing, file by file. The first invalid entry ends it. Throws {@link ShapeProblem} or `JsonProblem`. */
export function readListing(kind: ListingKind, bytes: Uint8Array, reader: ListingReader): ListingHead {
  return kind === 'tree' ? readTree(bytes, reader) : readRepository(bytes, reader);
}

/** Protocol notes A.2. Unknown keys are ignored. */
function readRepository(bytes: Uint8Array, { onFile, onName }: ListingReader): ListingHead {
  const rest = readArray(bytes, 'siblings', LIMITS, (element) => {
    const { rfilename, size, blobId, lfs } = recordOf(element);
    const file = describedFile({ path: rfilename, size, gitSha1: blobId, lfs, lfsHashKey: 'sha256' });
    if (file) onFile(file);
    else onName(String(rfilename));
  });
  const { sha, gated, private: isPrivate, disabled, siblings, lastModified } = recordOf(rest);
  if (typeof sha !== 'string' || !isGitSha1(sha)) throw new ShapeProblem('no commit');
  if (siblings !== undefined && siblings !== null && !Array.isArray(siblings))
    throw new ShapeProblem('no list');
  return {
    commit: sha.toLowerCase(),
    gated: gated === true || typeof gated === 'string',
    saysPublic: gated === false && isPrivate === false,
    disabled: disabled === true,
    hasList: Array.isArray(siblings),
    updatedAt: timeOf(lastModified),
  };
}

/** Protocol notes A.3; in this response the LFS hash is called `oid`. Unknown keys are ignored. */
function readTree(bytes: Uint8Array, { onFile }: ListingReader): ListingHead {
  const rest = readArray(bytes, null, LIMITS, (element) => {
    const { type, path, oid, size, lfs } = recordOf(element);
    if (typeof type !== 'string') throw new ShapeProblem('an entry without a type');
    if (type !== 'file') return;
    const file = describedFile({ path, size, gitSha1: oid, lfs, lfsHashKey: 'oid' });
    if (file === null) throw new ShapeProblem('a file without size or hash');
    onFile(file);
  });
  if (!Array.isArray(rest)) throw new ShapeProblem('no list');
  return NO_HEAD;
}

/** An invalid time is no reason to reject a list. */
function timeOf(value: unknown): string | null {
  const ms = typeof value === 'string' && value.length < 40 ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeProblem('an entry that is no object');
  }
  return value as Readonly<Record<string, unknown>>;
}
