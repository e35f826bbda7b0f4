import { AppError } from '../../shared/contract/errors.ts';
import { classify } from './classify.ts';

/** The errno name of a failed system call (`ENOSPC`), or an empty string when the value carries none. */
export function errnoOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return typeof cause.code === 'string' ? cause.code : '';
}

/** True when the call failed because nothing exists at that path. */
export function isAbsent(cause: unknown): boolean {
  const errno = errnoOf(cause);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/** Something else is in the place of a file or folder, or the name is not valid for one. */
const IN_THE_WAY: ReadonlySet<string> = new Set([
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOTEMPTY',
  'ELOOP',
  'ENAMETOOLONG',
]);

/**
 * Turns a failed file-system call into an AppError that names the path. An AppError is returned unchanged.
 * @param action What was tried, as a gerund: `writing a test file to`.
 */
export function diskError(cause: unknown, action: string, path: string): AppError {
  if (cause instanceof AppError) return cause;
  const errno = errnoOf(cause);
  const options = { cause, details: { path, errno } };
  if (IN_THE_WAY.has(errno)) {
    return new AppError(
      'PathUnsafe',
      `Failed at ${action} ${path}: something else stands in the way. Nothing was written there; move it aside.`,
      options,
    );
  }
  const { code, message, retryable } = classify(cause, { disk: path });
  return new AppError(code, `Failed at ${action} ${path}: ${message}`, { ...options, retryable });
}

/** Runs `work` and converts what it throws with {@link diskError}. */
export async function onDisk<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw diskError(cause, action, path);
  }
}
