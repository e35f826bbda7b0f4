import { backoffMs } from './backoff.ts';

/** So many bytes from a host are real progress: it works again, whatever happened before. */
const REAL_PROGRESS_BYTES = 1024 * 1024;
/** Streams that fail within such a time were cut by the same thing: what one of them had brought speaks for all. */
const SAME_CUT_MS = 1000;
/**
 * An attempt that brought less was empty-handed: a server that accepts, sends a few bytes and closes must not be asked
 * without pause.
 */
export const PROOF_BYTES = 16 * 1024;

/** What is known of a host's recent behaviour. */
interface Gate {
  /** Stories in a row whose attempt brought nothing worth the name. */
  emptyFailures: number;
  /** All stories since the last real progress, as shown to the user ("try 7"). */
  failures: number;
  /** Bytes of attempts that began after the last failure; and the same since the gate was made. */
  bytesSinceFailure: number;
  bytes: number;
  /** When the present story began. */
  failedMs: number;
  /** True while no attempt of the present story is known to have brought anything. */
  isEmptyStory: boolean;
  /** When the host may be asked again: by our own pace, and by what it asked for. */
  notBeforeMs: number;
  askedNotBeforeMs: number;
}

/** An attempt that failed. */
export interface FailureFacts {
  /** When it began, on the clock of the gates. Without it, every failure at a closed gate is part of the same story. */
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
 * are one story, not many: ten streams that lose one server do not multiply the wait. A drop that had delivered something
 * is dialled again at once; only empty-handed attempts make the wait grow.
 */
export class HostGates {
  readonly #gates = new Map<string, Gate>();
  readonly #now: () => number;
  readonly #random: () => number;

  /** `now` in milliseconds, on a clock that never goes back; `random` from 0 to 1. */
  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** Milliseconds until `host` may be asked again; 0 when it may be asked now. */
  waitMs(host: string): number {
    return Math.max(0, (this.#gates.get(host)?.notBeforeMs ?? 0) - this.#now());
  }

  /** True while the host has not delivered anything worth the name since it failed: one new attempt at a time. */
  isProbing(host: string): boolean {
    return (this.#gates.get(host)?.emptyFailures ?? 0) > 0;
  }

  /**
   * Bytes arrived for an attempt that began at `startedMs`. Attempts that are older than the failure say nothing about
   * whether the host takes new ones. A wait that runs is never cut short by it.
   */
  progress(host: string, bytes: number, startedMs: number): void {
    const gate = this.#gates.get(host);
    if (!gate || startedMs < gate.failedMs) return;
    gate.bytesSinceFailure += bytes;
    gate.bytes += bytes;
    if (gate.bytesSinceFailure >= PROOF_BYTES) gate.emptyFailures = 0;
    if (gate.bytes >= REAL_PROGRESS_BYTES && this.waitMs(host) === 0) this.#gates.delete(host);
  }

  /** An attempt that began at `startedMs` got all it asked for, however little that was. */
  succeeded(host: string, startedMs: number): void {
    const gate = this.#gates.get(host);
    if (gate && startedMs >= gate.failedMs) gate.emptyFailures = 0;
  }

  /** An attempt failed. Returns the number of failures in a row and the wait before the next attempt. */
  fail(host: string, facts: FailureFacts): { readonly attempt: number; readonly delayMs: number } {
    const now = this.#now();
    const known = this.#gates.get(host);
    const gate = known ?? newGate();
    this.#gates.set(host, gate);
    const isNewStory = !known || !this.#isSameStory(host, known, facts.startedMs);
    if (isNewStory) {
      gate.failures += 1;
      gate.failedMs = now;
      gate.bytesSinceFailure = 0;
      gate.isEmptyStory = facts.deliveredBytes < PROOF_BYTES;
      if (gate.isEmptyStory) gate.emptyFailures += 1;
    } else if (isRedeemed(gate, facts, now)) {
      gate.isEmptyStory = false;
      gate.emptyFailures = Math.max(0, gate.emptyFailures - 1);
      gate.notBeforeMs = Math.min(gate.notBeforeMs, now + this.#delayMs(gate, facts));
    }
    const askedMs = asked(facts);
    if (askedMs !== undefined) gate.askedNotBeforeMs = Math.max(gate.askedNotBeforeMs, now + askedMs);
    const ownMs = isNewStory && askedMs === undefined ? this.#delayMs(gate, facts) : 0;
    gate.notBeforeMs = Math.max(gate.notBeforeMs, now + ownMs, gate.askedNotBeforeMs);
    return { attempt: gate.failures, delayMs: this.waitMs(host) };
  }

  /** Ends every wait: the network changed, the machine woke, or the user asked. */
  reset(): void {
    this.#gates.clear();
  }

  #isSameStory(host: string, gate: Gate, startedMs: number | undefined): boolean {
    return startedMs === undefined ? this.waitMs(host) > 0 : startedMs < gate.failedMs;
  }

  #delayMs(gate: Gate, { deliveredBytes, capMs }: FailureFacts): number {
    if (deliveredBytes < PROOF_BYTES) return backoffMs(gate.emptyFailures, this.#random, capMs);
    return gate.failures === 1 ? 0 : backoffMs(1, this.#random, capMs);
  }
}

function newGate(): Gate {
  return {
    emptyFailures: 0,
    failures: 0,
    bytesSinceFailure: 0,
    bytes: 0,
    failedMs: 0,
    isEmptyStory: false,
    notBeforeMs: 0,
    askedNotBeforeMs: 0,
  };
}

/** Of streams that were cut together the first may have been new and empty-handed; another one shows that the host worked. */
function isRedeemed(gate: Gate, { deliveredBytes }: FailureFacts, now: number): boolean {
  return gate.isEmptyStory && deliveredBytes >= PROOF_BYTES && now - gate.failedMs < SAME_CUT_MS;
}

/** A server that asks for no wait at all does not get more than its due. */
function asked({ retryAfterMs }: FailureFacts): number | undefined {
  return retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : undefined;
}
