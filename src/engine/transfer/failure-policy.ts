import type { AppError, ErrorCode } from '../../shared/contract/errors.ts';
import type { Profile } from '../../shared/model/download.ts';
import { hasAnotherWay } from '../sources/another-way.ts';
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS } from './backoff.ts';
import type { HostBackoff } from './host-backoff.ts';

/** A server that ignores ranges so many times in a row will not start to honour them. */
const MAX_RANGE_REFUSALS = 5;

/**
 * So often a server may show another file than the Hub lists, or a compressed one: it may be one machine of many that is wrong,
 * but to ask for ever would not change what is stored.
 */
const MAX_WRONG_CONTENT = 5;

/** Errors that no further attempt can mend before the disk is mended. */
const DISK_CODES: ReadonlySet<ErrorCode> = new Set(['DiskFull', 'DiskMissing']);

/** An attempt that failed. */
export interface FailedAttempt {
  readonly error: AppError;
  /** What was to be fetched. */
  readonly item: object;
  readonly host: string;
  readonly startedMs: number;
  readonly deliveredBytes: number;
  /** True when this side ended it for being slow. */
  readonly isRedialled: boolean;
}

/** What follows: the end of the transfer, or another attempt after a wait. */
export type Verdict =
  | { readonly kind: 'fatal' }
  /** The host is at fault and left alone for a while. `attempt` counts its failures in a row. */
  | { readonly kind: 'wait'; readonly attempt: number; readonly delayMs: number }
  /** Nobody is at fault; the next attempt is different anyway. */
  | { readonly kind: 'again' };

/** Decides what a failed attempt means. Hosts are judged by the hostBackoff that all downloads share. */
export class FailurePolicy {
  readonly #hostBackoff: HostBackoff;
  readonly #capMs: number;
  #rangeRefusals = 0;
  /** By what was to be fetched: wrong answers in a row, and when the last one that counts came. */
  readonly #wrongContent = new WeakMap<object, { count: number; failedMs: number }>();
  readonly #now: () => number;

  /** `now` in milliseconds, on the clock of the backoff. */
  constructor(hostBackoff: HostBackoff, profile: Profile, now: () => number) {
    this.#now = now;
    this.#hostBackoff = hostBackoff;
    this.#capMs = profile === 'very-weak' ? BACKOFF_BASE_MS : BACKOFF_CAP_MS;
  }

  /** A range was fetched as it should be. */
  succeeded(item: object, host: string, startedMs: number): void {
    this.#rangeRefusals = 0;
    this.#wrongContent.delete(item);
    this.#hostBackoff.succeeded(host, startedMs);
  }

  failed(attempt: FailedAttempt): Verdict {
    const { error, host, startedMs, deliveredBytes } = attempt;
    if (this.#isFatal(error) || this.#isWrongForGood(attempt)) return { kind: 'fatal' };
    if (attempt.isRedialled || hasAnotherWay(error) || isIgnoredRange(error)) return { kind: 'again' };
    const facts = { startedMs, deliveredBytes, retryAfterMs: error.retryAfterMs, capMs: this.#capMs };
    return { kind: 'wait', ...this.#hostBackoff.fail(host, facts) };
  }

  /** Attempts that were under way together and saw the same are one answer. */
  #isWrongForGood({ error: { details }, item, startedMs }: FailedAttempt): boolean {
    if (details.storedBytes === undefined && details.contentEncoding === undefined) return false;
    const known = this.#wrongContent.get(item);
    if (known && startedMs < known.failedMs) return false;
    const count = (known?.count ?? 0) + 1;
    this.#wrongContent.set(item, { count, failedMs: this.#now() });
    return count >= MAX_WRONG_CONTENT;
  }

  #isFatal(error: AppError): boolean {
    if (error.code === 'RangeUnsupported' && !isIgnoredRange(error)) {
      this.#rangeRefusals += 1;
      return this.#rangeRefusals >= MAX_RANGE_REFUSALS;
    }
    return DISK_CODES.has(error.code) || !error.retryable;
  }
}

/** The server sent the whole file in place of a part, and another stream takes it. */
export function isIgnoredRange(error: AppError): boolean {
  return error.code === 'RangeUnsupported' && error.details.status === 200;
}
