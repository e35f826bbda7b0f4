import { type AppError, assertNever } from '../../shared/contract/errors.ts';
import { troubleOf, type Wait, type WaitReason } from '../../shared/model/wait.ts';
import type { CurrentWait } from './shown-wait.ts';

/** Returns who or what must fix something before a download can continue after an error. */
export function waitReasonOf(error: AppError): WaitReason {
  switch (error.code) {
    case 'DiskFull':
      return 'disk';
    case 'DiskMissing':
    case 'DiskPermission':
    case 'PathUnsafe':
      return 'volume';
    case 'RateLimited':
      return 'rate-limit';
    case 'Offline':
    case 'Timeout':
    case 'Stalled':
    case 'Cancelled':
      return 'network';
    // It answered, with an error that may pass.
    case 'ServerError':
    case 'RangeUnsupported':
    case 'AuthRequired':
    case 'NotFound':
    case 'Gated':
    case 'ProxyAuthRequired':
    case 'ChangedUpstream':
    case 'HashMismatch':
    case 'BadRequest':
      return 'server';
    // The data folder's volume, or parts of this program, which it restarts.
    case 'LedgerCorrupt':
    case 'LedgerBusy':
    case 'EngineUnavailable':
    case 'Internal':
      return 'disk';
    default:
      return assertNever(error.code);
  }
}

/** True for disk errors after which a download waits and resumes by itself. */
export function isDiskWait(error: AppError): boolean {
  return error.retryable && (error.code === 'DiskFull' || error.code === 'DiskMissing');
}

/** Returns an error that a download waits for, as facts. */
export function waitOf(error: AppError, attempt: number | null): Wait {
  const { code, details } = error;
  const trouble = troubleOf(details);
  const { host, missingBytes, freeBytes } = details;
  return {
    reason: waitReasonOf(error),
    code,
    ...(trouble === undefined ? {} : { trouble }),
    ...(typeof host === 'string' ? { host } : {}),
    ...(attempt === null ? {} : { attempt }),
    ...(typeof missingBytes === 'number' ? { missingBytes } : {}),
    ...(typeof freeBytes === 'number' ? { freeBytes } : {}),
  };
}

/** Downloads run from this moment on only: milliseconds since the epoch. */
export function waitForHours(untilMs: number): CurrentWait {
  const message = 'Waiting for the hours in which downloads run.';
  return { facts: { reason: 'schedule' }, message, retryAtMs: untilMs };
}

/** Everything left of a download is being fetched by another one, `download`. */
export function waitForOther(download: string): CurrentWait {
  const facts = { reason: 'same-file', download } as const;
  return { facts, message: 'Waiting for another download of the same file.', retryAtMs: null };
}
