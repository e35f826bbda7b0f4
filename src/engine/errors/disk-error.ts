import { AppError, type AppErrorOptions, type ErrorCode } from '../../shared/contract/errors.ts';
import type { FailureContext, FailureFacts } from './error-chain.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly retryable?: boolean;
  /** True when other parts of the system use this errno too, so that it counts only where a disk was named. */
  readonly onlyOnDisk?: boolean;
}

const full = 'The disk is full. Your progress is saved. Free up space, and the download resumes.';
const notAllowed = 'Haulyard may not read or write there. Check the permissions of the file and its folder.';
const missing = 'The disk or folder isn’t there, or doesn’t answer. Nothing on it was changed.';
const busy =
  'Haulyard can’t open more files. Allow more (ulimit -n), or quit other programs. Your progress is saved.';

/** errno of file operations (POSIX). */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['ENOSPC', { code: 'DiskFull', sentence: full }],
  [
    'EDQUOT',
    {
      code: 'DiskFull',
      sentence: 'Your quota on this disk is used up. Free up space, and the download resumes.',
    },
  ],
  [
    'EFBIG',
    {
      code: 'DiskFull',
      sentence: 'This disk’s file system can’t hold a file of that size.',
      retryable: false,
    },
  ],
  ['EACCES', { code: 'DiskPermission', sentence: notAllowed }],
  ['EPERM', { code: 'DiskPermission', sentence: notAllowed }],
  ['EROFS', { code: 'DiskPermission', sentence: 'This disk is read-only.' }],
  ['EIO', { code: 'DiskMissing', sentence: missing }],
  ['ENXIO', { code: 'DiskMissing', sentence: missing }],
  ['ENODEV', { code: 'DiskMissing', sentence: missing }],
  ['ESTALE', { code: 'DiskMissing', sentence: missing }],
  ['ENOENT', { code: 'DiskMissing', sentence: missing, onlyOnDisk: true }],
  ['ENOTDIR', { code: 'DiskMissing', sentence: missing, onlyOnDisk: true }],
  ['ETIMEDOUT', { code: 'DiskMissing', sentence: missing, onlyOnDisk: true }],
  ['EHOSTDOWN', { code: 'DiskMissing', sentence: missing, onlyOnDisk: true }],
  [
    'EISDIR',
    { code: 'PathUnsafe', sentence: 'A folder is where a file belongs. Move it aside.', onlyOnDisk: true },
  ],
  ['ENAMETOOLONG', { code: 'PathUnsafe', sentence: 'A file name is too long for this disk.' }],
  ['EMFILE', { code: 'Internal', sentence: busy, retryable: true }],
  ['ENFILE', { code: 'Internal', sentence: busy, retryable: true }],
]);

/** Returns the error for a disk failure; null when `facts` are about something else. */
export function diskError(facts: FailureFacts, context: FailureContext): AppError | null {
  const meaning = MEANINGS.get(facts.code);
  if (meaning === undefined || (meaning.onlyOnDisk && context.disk === undefined)) return null;
  const options: AppErrorOptions = {
    cause: facts.error,
    details: { errno: facts.code, ...(context.disk === undefined ? {} : { path: context.disk }) },
    ...(meaning.retryable === undefined ? {} : { retryable: meaning.retryable }),
  };
  return new AppError(meaning.code, meaning.sentence, options);
}
