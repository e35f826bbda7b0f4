import { type AppError, assertNever } from '../../shared/contract/errors.ts';
import { troubleOf, type Wait, type WaitReason } from '../../shared/model/wait.ts';

/** What a download waits for after an error that time may mend. */
export function waitReasonOf(error: AppError): WaitReason {
  switch (error.code) {
    case 'DiskFull':
      return 'disk';
    case 'DiskMissing':
      return 'volume';
    case 'RateLimited':
      return 'rate-limit';
    case 'ServerError':
    case 'RangeUnsupported':
    case 'AuthRequired':
      return 'server';
    case 'Offline':
    case 'Timeout':
    case 'Stalled':
    case 'Cancelled':
    case 'NotFound':
    case 'Gated':
    case 'ChangedUpstream':
    case 'HashMismatch':
    case 'DiskPermission':
    case 'PathUnsafe':
    case 'LedgerCorrupt':
    case 'LedgerBusy':
    case 'EngineUnavailable':
    case 'BadRequest':
    case 'Internal':
      return 'network';
    default:
      return assertNever(error.code);
  }
}

/** True for errors of the disk after which a download waits and goes on by itself. */
export function isDiskWait(error: AppError): boolean {
  return error.code === 'DiskFull' || error.code === 'DiskMissing';
}

/** An error that a download waits for, as facts. */
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
