import { backoffMs } from './backoff.ts';

/** So many bytes from a host are real progress: it works again, whatever happened before. */
const REAL_PROGRESS_BYTES = 1024 * 1024;
/** Streams that fail within such a time were cut by the same thing: what one of them had brought speaks for all. */
const SAME_CUT_MS = 1000;
/**
 * An attempt that brought less was zero-progress: a server that accepts, sends a few bytes and closes must not be asked
 * without pause.
 */
export const MIN_PROGRESS_BYTES = 16 * 1024;

/** What is known of a host's recent behaviour. */
interface HostState {
  /** Incidents in a row whose attempt brought nothing worth the name. */
  zeroProgressFailures: number;
  /** All incidents since the last real progress, as shown to the user ("try 7"). */
  failures: number;
  /** Bytes of attempts that began after the last failure; and the same since the state was made. */
  bytesSinceFailure: number;
  bytes: number;
  /** When the present incident began. */
  failedMs: number;
  /** True while no attempt of the present incident is known to have brought anything. */
  isZeroProgressIncident: boolean;
  /** When the host may be asked again: by our own pace, and by what it asked for. */
  notBeforeMs: number;
  askedNotBeforeMs: number;
}

/** An attempt that failed. */
export interface FailureFacts {
  /** When it began, on the clock of the backoff. Without it, every failure at a closed state is part of the same incident. */
  readonly startedMs?: number;
  /** Bytes that it delivered before it failed. */
  readonly deliveredBytes: number;
  /** What the server asked for. */
  readonly retryAfterMs: number | undefined;
  /** Longest wait that the profile allows. */
  readonly capMs: number;
}

/**
 * Retry policy by host, shared by all streams and downloads. Attempts that were under way when a host failed and fail too
 * are one incident, not many: ten streams that lose one server do not multiply the wait. A drop that had delivered something
 * is dialled again at once; only zero-progress attempts make the wait grow.
 */
export class HostBackoff {
  readonly #hosts = new Map<string, HostState>();
  readonly #now: () => number;
  readonly #random: () => number;

  /** `now` in milliseconds, on a clock that never goes back; `random` from 0 to 1. */
  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** Milliseconds until `host` may be asked again; 0 when it may be asked now. */
  waitMs(host: string): number {
    return Math.max(0, (this.#hosts.get(host)?.notBeforeMs ?? 0) - this.#now());
  }

  /** True while the host has not delivered anything worth the name since it failed: one new attempt at a time. */
  isProbing(host: string): boolean {
    return (this.#hosts.get(host)?.zeroProgressFailures ?? 0) > 0;
  }

  /**
   * Bytes arrived for an attempt that began at `startedMs`. Attempts that are older than the failure say nothing about
   * whether the host takes new ones. A wait that runs is never cut short by it.
   */
  progress(host: string, bytes: number, startedMs: number): void {
    const state = this.#hosts.get(host);
    if (!state || startedMs < state.failedMs) return;
    state.bytesSinceFailure += bytes;
    state.bytes += bytes;
    if (state.bytesSinceFailure >= MIN_PROGRESS_BYTES) state.zeroProgressFailures = 0;
    if (state.bytes >= REAL_PROGRESS_BYTES && this.waitMs(host) === 0) this.#hosts.delete(host);
  }

  /** An attempt that began at `startedMs` got all it asked for, however little that was. */
  succeeded(host: string, startedMs: number): void {
    const state = this.#hosts.get(host);
    if (state && startedMs >= state.failedMs) state.zeroProgressFailures = 0;
  }

  /** An attempt failed. Returns the number of failures in a row and the wait before the next attempt. */
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
   * Ends the waits of our own pace: the network changed, or the machine woke. What a server asked for still holds: a Wi-Fi
   * that flaps must not turn its `Retry-After` into a storm of requests.
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

  /** Ends the wait for one host, also one that its server asked for: the user insists. */
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

/** Of streams that were cut together the first may have been new and zero-progress; another one shows that the host worked. */
function isRedeemed(state: HostState, { deliveredBytes }: FailureFacts, now: number): boolean {
  return (
    state.isZeroProgressIncident && deliveredBytes >= MIN_PROGRESS_BYTES && now - state.failedMs < SAME_CUT_MS
  );
}

/** A server that asks for no wait at all does not get more than its due. */
function asked({ retryAfterMs }: FailureFacts): number | undefined {
  return retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : undefined;
}
