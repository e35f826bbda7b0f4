import { assertNever, type ErrorCode } from '../shared/contract/errors.ts';

/** Exit codes of the command line; the list is part of its public interface. */
export const EXIT = {
  done: 0,
  internal: 1,
  usage: 2,
  authorization: 3,
  notFound: 4,
  integrity: 5,
  disk: 6,
  network: 7,
  ledgerBusy: 8,
  /** Nothing was found wrong, but something could not be checked. */
  unchecked: 9,
  /** Stopped by a signal (128 + SIGINT, as shells report it); what was downloaded is kept. */
  interrupted: 130,
} as const;

/** Returns the exit code for a command that ended with an error of this code. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'Cancelled':
      return EXIT.interrupted;
    case 'BadRequest':
    case 'PathUnsafe':
      return EXIT.usage;
    case 'AuthRequired':
    case 'Gated':
    case 'ProxyAuthRequired':
      return EXIT.authorization;
    case 'NotFound':
      return EXIT.notFound;
    case 'HashMismatch':
    case 'ChangedUpstream':
      return EXIT.integrity;
    case 'DiskFull':
    case 'DiskPermission':
    case 'DiskMissing':
    case 'LedgerCorrupt':
      return EXIT.disk;
    case 'Offline':
    case 'Timeout':
    case 'Stalled':
    case 'RateLimited':
    case 'ServerError':
    case 'RangeUnsupported':
      return EXIT.network;
    case 'LedgerBusy':
      return EXIT.ledgerBusy;
    case 'EngineUnavailable':
    case 'Internal':
      return EXIT.internal;
    default:
      return assertNever(code);
  }
}

/** From what needs a person most to what resolves by itself. */
const WORST_FIRST: readonly number[] = [
  EXIT.internal,
  EXIT.integrity,
  EXIT.disk,
  EXIT.authorization,
  EXIT.notFound,
  EXIT.usage,
  EXIT.ledgerBusy,
  EXIT.unchecked,
  EXIT.network,
  EXIT.interrupted,
  EXIT.done,
];

/** Returns one exit code for several outcomes: that of the outcome that needs a person most. 0 for none. */
export function worstExitCode(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.done;
}
