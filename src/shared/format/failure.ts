import type { ErrorCode } from '../contract/errors.ts';

/**
 * What stopped a download, in a sentence for people, by the kind of the failure alone; the same in the window and in
 * notifications. The error's message has the details.
 */
const FAILURES: Readonly<Record<ErrorCode, string>> = {
  Gated: 'This model is gated. Ask for access on its page first.',
  AuthRequired: 'This model needs a Hugging Face access token.',
  ProxyAuthRequired:
    'The proxy wants another user name and password. Change the proxy setting, then try again.',
  ChangedUpstream: 'The model changed on Hugging Face since this list was made.',
  HashMismatch: 'The file doesn’t match its checksum, so it wasn’t installed.',
  NotFound: 'Hugging Face doesn’t have this model or revision.',
  BadRequest: 'This can’t be downloaded as requested.',
  PathUnsafe: 'The model has a file name that isn’t safe to save.',
  DiskPermission: 'Haulyard can’t write to the cache folder.',
  DiskFull: 'The disk is full.',
  DiskMissing: 'The disk isn’t connected.',
  LedgerCorrupt: 'Haulyard’s download record can’t be opened.',
  LedgerBusy: 'Haulyard’s download record can’t be opened.',
  EngineUnavailable: 'The download engine stopped.',
  Offline: 'Gave up after no progress.',
  Timeout: 'Gave up after no progress.',
  Stalled: 'Gave up after no progress.',
  RateLimited: 'Gave up after no progress.',
  ServerError: 'Gave up after no progress.',
  RangeUnsupported: 'Gave up after no progress.',
  Cancelled: 'Haulyard ran into a problem with this download.',
  Internal: 'Haulyard ran into a problem with this download.',
};

/** Returns what stopped a download that ended with `code`. */
export function formatFailure(code: ErrorCode): string {
  return FAILURES[code];
}
