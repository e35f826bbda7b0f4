import { AppError } from '../../../shared/contract/errors.ts';

/** A content, as named in errors. */
interface Content {
  readonly path: string;
  readonly hash: string;
}

/**
 * Returns the error for a content of which every chunk was fetched twice and agreed, so the announced hash is wrong.
 */
export function wrongOnTheHub({ path, hash }: Content): AppError {
  return new AppError(
    'HashMismatch',
    `${path} was downloaded twice with the same result, and it doesn’t match its checksum. ` +
      'The server is likely wrong. The file wasn’t installed; it is kept as an unfinished file.',
    { details: { expected: hash } },
  );
}

/** Returns the error for a chunk of which no two copies agreed. */
export function unstableChunk({ path, hash }: Content, chunk: number): AppError {
  return new AppError(
    'HashMismatch',
    `Chunk ${chunk} of ${path} was different each time it was downloaded, so something on the way damages it. ` +
      'The file wasn’t installed. Your progress is saved. Try another network.',
    { details: { expected: hash, chunk } },
  );
}

/** Returns the error for a chunk that never reads back as it was written. */
export function unstableDisk({ path, hash }: Content, chunk: number): AppError {
  return new AppError(
    'HashMismatch',
    `Chunk ${chunk} of ${path} was written again and again, and the disk gives other bytes back each time. ` +
      'What is downloaded is kept and was not installed. Check the disk, or choose another one.',
    { details: { expected: hash, chunk } },
  );
}
