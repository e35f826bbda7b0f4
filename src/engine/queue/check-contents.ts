import { AppError } from '../../shared/contract/errors.ts';
import type { ListedFile } from './selection.ts';

/** Hashes of zero bytes: SHA-256, and git's SHA-1 of `blob 0\0`. */
const EMPTY: Readonly<Record<ListedFile['algorithm'], string>> = {
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'git-sha1': 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
};

/**
 * Rejects lists that no download could ever satisfy. Throws `HashMismatch` for an empty file whose hash is not that of
 * zero bytes, and for one content with two lengths: only one of the files could be right.
 */
export function checkContents(files: readonly ListedFile[]): void {
  const sizes = new Map<string, ListedFile>();
  for (const file of files) {
    if (file.size === 0 && file.hash !== EMPTY[file.algorithm]) {
      throw mismatch(`${file.path} is listed as empty, but with the checksum of a file that isn’t`);
    }
    const same = sizes.get(file.hash);
    if (same && same.size !== file.size) {
      throw mismatch(
        `${same.path} and ${file.path} are listed with one checksum and two sizes (${same.size} and ${file.size})`,
      );
    }
    sizes.set(file.hash, file);
  }
}

function mismatch(what: string): AppError {
  return new AppError('HashMismatch', `${what}. That can’t be true, so nothing was downloaded.`);
}
