import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';

/** The errno name of a failed system call (`ENOSPC`), or an empty string when the value carries none. */
export function errnoOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return typeof cause.code === 'string' ? cause.code : '';
}

/** True when the call failed because there is nothing at that path. */
export function isAbsent(cause: unknown): boolean {
  const errno = errnoOf(cause);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

interface Verdict {
  readonly code: ErrorCode;
  readonly says: string;
  readonly retryable?: boolean;
}

const FULL: Verdict = {
  code: 'DiskFull',
  says: 'the volume has no space left. Nothing was deleted; free some space',
};
const REFUSED: Verdict = {
  code: 'DiskPermission',
  says: 'the system refused it. Check the permissions of the folder',
};
const GONE: Verdict = {
  code: 'DiskMissing',
  says: 'it is not there, or its volume does not answer. Connect the volume again',
};
const ODD: Verdict = {
  code: 'PathUnsafe',
  says: 'something else stands in the way at that path. Nothing was written there; move it aside',
};
const TOO_LARGE: Verdict = {
  code: 'DiskFull',
  says: 'the file system of this volume cannot hold a file of that size. Choose a cache on another volume',
  retryable: false,
};

const VERDICTS: Readonly<Record<string, Verdict>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: TOO_LARGE,
  EACCES: REFUSED,
  EPERM: REFUSED,
  EROFS: REFUSED,
  ENOENT: GONE,
  ENODEV: GONE,
  ENXIO: GONE,
  EIO: GONE,
  ESTALE: GONE,
  ENOTDIR: ODD,
  EISDIR: ODD,
  EEXIST: ODD,
  ENOTEMPTY: ODD,
  ELOOP: ODD,
  ENAMETOOLONG: ODD,
};

/**
 * Turns a failed file-system call into an AppError that names the path. An AppError passes through unchanged.
 * @param action What was tried, as a gerund: `writing a test file to`.
 */
export function diskError(cause: unknown, action: string, path: string): AppError {
  if (cause instanceof AppError) return cause;
  const errno = errnoOf(cause);
  const details = { path, errno };
  const verdict = VERDICTS[errno];
  if (verdict === undefined) {
    return new AppError('Internal', `Failed at ${action} ${path}: ${errno || String(cause)}.`, {
      cause,
      details,
    });
  }
  return new AppError(verdict.code, `Failed at ${action} ${path}: ${verdict.says}. (${errno})`, {
    cause,
    details,
    ...(verdict.retryable === undefined ? {} : { retryable: verdict.retryable }),
  });
}

/** Runs `work` and turns what it throws into the AppError of {@link diskError}. */
export async function onDisk<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw diskError(cause, action, path);
  }
}
