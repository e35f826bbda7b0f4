import { backoffMs } from './backoff.ts';

/** So many bytes from a host are real progress: it works again, whatever happened before. */
const REAL_PROGRESS_BYTES = 1024 * 1024;

/** What is known of a host's recent behaviour. */
interface Gate {
  /** Failed attempts in a row that brought nothing. */
  emptyFailures: number;
  /** All failed attempts since the last real progress, as shown to the user ("try 7"). */
  failures: number;
  bytesSinceFailure: number;
  notBeforeMs: number;
}

export interface FailureFacts {
  /** Bytes that the attempt delivered before it failed. */
  readonly deliveredBytes: number;
  /** What the server asked for. */
  readonly retryAfterMs: number | undefined;
  /** Longest wait that the profile allows. */
  readonly capMs: number;
}

/**
 * Retry policy by host, shared by all streams and downloads: ten streams that lose one server are one failure
 * story, not ten. A drop that had delivered something goes on at once; only empty-handed attempts grow the wait.
 */
export class HostGates {
  readonly #gates = new Map<string, Gate>();
  readonly #now: () => number;
  readonly #random: () => number;

  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** Milliseconds until `host` may be asked again; 0 when it may be asked now. */
  waitMs(host: string): number {
    return Math.max(0, (this.#gates.get(host)?.notBeforeMs ?? 0) - this.#now());
  }

  /** True while the host has not delivered anything worth the name since it failed: one attempt at a time. */
  isProbing(host: string): boolean {
    return (this.#gates.get(host)?.emptyFailures ?? 0) > 0;
  }

  /** Bytes arrived. */
  progress(host: string, bytes: number): void {
    const gate = this.#gates.get(host);
    if (!gate) return;
    gate.emptyFailures = 0;
    gate.bytesSinceFailure += bytes;
    if (gate.bytesSinceFailure >= REAL_PROGRESS_BYTES) this.#gates.delete(host);
  }

  /** An attempt failed. Returns the number of failures in a row and the wait before the next attempt. */
  fail(host: string, facts: FailureFacts): { readonly attempt: number; readonly delayMs: number } {
    const gate = this.#gates.get(host) ?? {
      emptyFailures: 0,
      failures: 0,
      bytesSinceFailure: 0,
      notBeforeMs: 0,
    };
    this.#gates.set(host, gate);
    const alreadyClosed = gate.notBeforeMs > this.#now();
    gate.failures += 1;
    gate.bytesSinceFailure = 0;
    // Streams that fail together are one failure: they must not multiply the wait.
    if (facts.deliveredBytes === 0 && !alreadyClosed) gate.emptyFailures += 1;
    const delayMs = this.#delayMs(gate, facts);
    gate.notBeforeMs = Math.max(gate.notBeforeMs, this.#now() + delayMs);
    return { attempt: gate.failures, delayMs: Math.max(0, gate.notBeforeMs - this.#now()) };
  }

  /** Ends every wait: the network changed, the machine woke, or the user asked. */
  reset(): void {
    this.#gates.clear();
  }

  #delayMs(gate: Gate, facts: FailureFacts): number {
    if (facts.retryAfterMs !== undefined) return facts.retryAfterMs;
    if (facts.deliveredBytes > 0) return gate.failures === 1 ? 0 : backoffMs(1, this.#random, facts.capMs);
    return backoffMs(gate.emptyFailures, this.#random, facts.capMs);
  }
}
