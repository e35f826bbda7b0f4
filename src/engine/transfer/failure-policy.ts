import type { AppError, ErrorCode } from '../../shared/contract/errors.ts';
import type { Profile } from '../../shared/model/download.ts';
import { hasAnotherWay } from '../sources/another-way.ts';
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS } from './backoff.ts';
import type { HostBackoff } from './host-backoff.ts';

/** A server that ignores ranges this many times in a row will not start to honor them. */
const MAX_RANGE_REFUSALS = 5;

/**
 * How often a server may send a different file from the one the Hub lists, or a compressed one. One bad machine of many
 * may be the cause, but asking forever would not change what is stored.
 */
const MAX_WRONG_CONTENT = 5;

/** Errors that no further attempt can fix until the disk is fixed. */
const DISK_CODES: ReadonlySet<ErrorCode> = new Set(['DiskFull', 'DiskMissing']);

/** A failed attempt. */
export interface FailedAttempt {
  readonly error: AppError;
  /** The item it was fetching. */
  readonly item: object;
  readonly host: string;
  readonly startedMs: number;
  readonly deliveredBytes: number;
  /** True when this side ended it for being slow. */
  readonly isRedialled: boolean;
}

/** What follows: the transfer ends, or another attempt is made after a wait. */
export type Verdict =
  | { readonly kind: 'fatal' }
  /** The host is at fault and left alone for a while. `attempt` counts its consecutive failures. */
  | { readonly kind: 'wait'; readonly attempt: number; readonly delayMs: number }
  /** No host is at fault; the next attempt is different anyway. */
  | { readonly kind: 'again' };

/** Decides what a failed attempt means. Hosts are judged by the host backoff that all downloads share. */
export class FailurePolicy {
  readonly #hostBackoff: HostBackoff;
  readonly #capMs: number;
  #rangeRefusals = 0;
  /** By item: consecutive wrong responses, and when the last one that counts arrived. */
  readonly #wrongContent = new WeakMap<object, { count: number; failedMs: number }>();
  readonly #now: () => number;

  /** @param now milliseconds on the clock of the host backoff */
  constructor(hostBackoff: HostBackoff, profile: Profile, now: () => number) {
    this.#now = now;
    this.#hostBackoff = hostBackoff;
    this.#capMs = profile === 'very-weak' ? BACKOFF_BASE_MS : BACKOFF_CAP_MS;
  }

  /** Records that a range was fetched as requested. */
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

  /** Attempts that ran at the same time and got the same wrong response count as one. */
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

/** True when the server sent the whole file instead of a range, and another attempt is receiving it. */
export function isIgnoredRange(error: AppError): boolean {
  return error.code === 'RangeUnsupported' && error.details.status === 200;
}
