import type { ProgressEvent } from '../../shared/contract/events.ts';
import type { Wait } from '../../shared/model/wait.ts';

/** A wait with the sentence for logs and `--json`. */
export interface CurrentWait {
  readonly facts: Omit<Wait, 'retryAt' | 'silentMs'>;
  readonly message: string;
  /** Milliseconds since the epoch; null when an event ends the wait rather than a time. */
  readonly retryAtMs: number | null;
}

/**
 * Returns a sentence that explains why the download does not progress. `silentMs` is the time without a byte while
 * connections are open.
 */
export function reasonOf(
  wait: CurrentWait | null,
  reason: string | null,
  silentMs: number | null,
): string | null {
  if (wait) return wait.message;
  return silentMs === null ? reason : `No data for ${Math.floor(silentMs / 1000)} s`;
}

/** Returns the same as facts. `lastMs` is the time since the last byte, whether connections are open or not. */
export function shownWait(
  wait: CurrentWait | null,
  silentMs: number | null,
  lastMs: number | null,
): Pick<ProgressEvent, 'waitReason' | 'retryAt' | 'wait'> {
  if (!wait) return silentMs === null ? {} : { wait: { reason: 'network', code: 'Stalled', silentMs } };
  const { facts, retryAtMs } = wait;
  const retryAt = retryAtMs === null ? {} : { retryAt: new Date(retryAtMs).toISOString() };
  const silence = facts.reason === 'network' && lastMs !== null ? { silentMs: lastMs } : {};
  return { waitReason: facts.reason, ...retryAt, wait: { ...facts, ...retryAt, ...silence } };
}
