import type { AppError } from '../../shared/contract/errors.ts';
import type { HostBackoff } from './host-backoff.ts';
import type { AttemptFacts } from './range-attempt.ts';
import type { RangeSupport } from './range-support.ts';
import type { TransferItem } from './transfer-item.ts';

/** An attempt failed and another one follows. */
export interface RetryNotice {
  readonly item: TransferItem;
  readonly chunk: number;
  /** Consecutive failures of the host. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: AppError;
}

/** Dependencies of a scheduler. */
export interface SchedulerDeps {
  readonly hostBackoff: HostBackoff;
  readonly rangeSupport: RangeSupport;
  /** Returns undefined, or a promise that resolves when reading may continue. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
  /** Milliseconds on a monotonic clock, the one of the host backoff. */
  readonly now: () => number;
  /** `unwanted` of them are useless. */
  readonly onArrived: (bytes: number, unwanted: number, from: AttemptFacts) => void;
  readonly onRetry: (notice: RetryNotice) => void;
  /**
   * Called when a host ignores ranges, so that a file is fetched over one connection from its start. Once per host and
   * period.
   */
  readonly onSingleStream: (item: TransferItem, host: string) => void;
  /**
   * Called with an error that no retry will fix, or that the disk must recover from first. Called once; the scheduler
   * has stopped.
   */
  readonly onFatal: (error: AppError) => void;
}

/** Why nothing is moving, when the scheduler waits for a host. */
export interface SchedulerWait {
  readonly host: string;
  readonly error: AppError;
  readonly attempt: number;
  /** Milliseconds on the scheduler's clock. */
  readonly untilMs: number;
}
