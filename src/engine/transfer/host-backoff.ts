import { backoffMs } from './backoff.ts';

/** This many bytes from a host are real progress: it works again, whatever happened before. */
const REAL_PROGRESS_BYTES = 1024 * 1024;
/** Attempts that fail within this time of each other have one cause, so the bytes of one count for all. */
const SAME_CUT_MS = 1000;
/**
 * An attempt that delivered less made zero progress: a server that accepts, sends a few bytes and closes must not be
 * retried without a pause.
 */
export const MIN_PROGRESS_BYTES = 16 * 1024;

/** Recent behavior of a host. */
interface HostState {
  /** Consecutive incidents in which no attempt made progress. */
  zeroProgressFailures: number;
  /** All incidents since the last real progress, as shown to the user ("try 7"). */
  failures: number;
  /** Bytes of attempts that began after the last failure, and of all since this state was created. */
  bytesSinceFailure: number;
  bytes: number;
  /** When the current incident began. */
  failedMs: number;
  /** True while no attempt of the current incident is known to have made progress. */
  isZeroProgressIncident: boolean;
  /** The earliest times of the next request: by our own backoff, and by the server's `Retry-After`. */
  notBeforeMs: number;
  askedNotBeforeMs: number;
}

/** What is needed to judge a failed attempt. */
export interface FailureFacts {
  /**
   * When it began, on the clock of the backoff. Without it, every failure at a closed state belongs to the same
   * incident.
   */
  readonly startedMs?: number;
  /** Bytes it delivered before it failed. */
  readonly deliveredBytes: number;
  /** The wait the server requested. */
  readonly retryAfterMs: number | undefined;
  /** The longest wait the profile allows. */
  readonly capMs: number;
}

/**
 * Retry policy per host, shared by all attempts and downloads. Attempts that were running when a host failed, and that
 * fail too, are one incident: ten attempts that lose one server do not multiply the wait. A connection that dropped
 * after delivering something is redialed at once; only zero-progress attempts make the wait grow.
 */
export class HostBackoff {
  readonly #hosts = new Map<string, HostState>();
  readonly #now: () => number;
  readonly #random: () => number;

  /**
   * @param now milliseconds on a monotonic clock
   * @param random a number from 0 to 1
   */
  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** Returns the milliseconds until `host` may be contacted again; 0 when it may be contacted now. */
  waitMs(host: string): number {
    return Math.max(0, (this.#hosts.get(host)?.notBeforeMs ?? 0) - this.#now());
  }

  /** True while the host has made no progress since it failed: only one new attempt at a time. */
  isProbing(host: string): boolean {
    return (this.#hosts.get(host)?.zeroProgressFailures ?? 0) > 0;
  }

  /**
   * Records bytes for an attempt that began at `startedMs`. Attempts older than the failure do not show whether the
   * host accepts new ones. Never shortens a wait that has begun.
   */
  progress(host: string, bytes: number, startedMs: number): void {
    const state = this.#hosts.get(host);
    if (!state || startedMs < state.failedMs) return;
    state.bytesSinceFailure += bytes;
    state.bytes += bytes;
    if (state.bytesSinceFailure >= MIN_PROGRESS_BYTES) state.zeroProgressFailures = 0;
    if (state.bytes >= REAL_PROGRESS_BYTES && this.waitMs(host) === 0) this.#hosts.delete(host);
  }

  /** Records that an attempt that began at `startedMs` got all it requested, however little that was. */
  succeeded(host: string, startedMs: number): void {
    const state = this.#hosts.get(host);
    if (state && startedMs >= state.failedMs) state.zeroProgressFailures = 0;
  }

  /** Records a failed attempt. Returns the number of consecutive failures and the wait before the next attempt. */
  fail(host: string, facts: FailureFacts): { readonly attempt: number; readonly delayMs: number } {
    const now = this.#now();
    const known = this.#hosts.get(host);
    const state = known ?? newHostState();
    this.#hosts.set(host, state);
    const isNewIncident = !known || !this.#isSameIncident(host, known, facts.startedMs);
    if (isNewIncident) {
      state.failures += 1;
      state.failedMs = now;
      state.bytesSinceFailure = 0;
      state.isZeroProgressIncident = facts.deliveredBytes < MIN_PROGRESS_BYTES;
      if (state.isZeroProgressIncident) state.zeroProgressFailures += 1;
    } else if (isRedeemed(state, facts, now)) {
      state.isZeroProgressIncident = false;
      state.zeroProgressFailures = Math.max(0, state.zeroProgressFailures - 1);
      state.notBeforeMs = Math.min(state.notBeforeMs, now + this.#delayMs(state, facts));
    }
    const askedMs = asked(facts);
    if (askedMs !== undefined) state.askedNotBeforeMs = Math.max(state.askedNotBeforeMs, now + askedMs);
    const ownMs = isNewIncident && askedMs === undefined ? this.#delayMs(state, facts) : 0;
    state.notBeforeMs = Math.max(state.notBeforeMs, now + ownMs, state.askedNotBeforeMs);
    return { attempt: state.failures, delayMs: this.waitMs(host) };
  }

  /**
   * Ends the waits of our own backoff, because the network changed or the computer woke. Waits requested by a server
   * still hold: a flapping Wi-Fi must not turn `Retry-After` into a storm of requests.
   */
  reset(): void {
    const now = this.#now();
    for (const [host, state] of this.#hosts) {
      if (state.askedNotBeforeMs <= now) this.#hosts.delete(host);
      else
        Object.assign(state, {
          ...newHostState(),
          askedNotBeforeMs: state.askedNotBeforeMs,
          notBeforeMs: state.askedNotBeforeMs,
        });
    }
  }

  /** Ends the wait for one host, even one requested by its server, because the user insists. */
  override(host: string): void {
    this.#hosts.delete(host);
  }

  #isSameIncident(host: string, state: HostState, startedMs: number | undefined): boolean {
    return startedMs === undefined ? this.waitMs(host) > 0 : startedMs < state.failedMs;
  }

  #delayMs(state: HostState, { deliveredBytes, capMs }: FailureFacts): number {
    if (deliveredBytes < MIN_PROGRESS_BYTES)
      return backoffMs(state.zeroProgressFailures, this.#random, capMs);
    return state.failures === 1 ? 0 : backoffMs(1, this.#random, capMs);
  }
}

function newHostState(): HostState {
  return {
    zeroProgressFailures: 0,
    failures: 0,
    bytesSinceFailure: 0,
    bytes: 0,
    failedMs: 0,
    isZeroProgressIncident: false,
    notBeforeMs: 0,
    askedNotBeforeMs: 0,
  };
}

/**
 * Among attempts that failed together, the first may have been new and without progress while another one shows that
 * the host worked.
 */
function isRedeemed(state: HostState, { deliveredBytes }: FailureFacts, now: number): boolean {
  return (
    state.isZeroProgressIncident && deliveredBytes >= MIN_PROGRESS_BYTES && now - state.failedMs < SAME_CUT_MS
  );
}

/** A `Retry-After` of 0 does not shorten our own wait. */
function asked({ retryAfterMs }: FailureFacts): number | undefined {
  return retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : undefined;
}
