import type { AppError } from '../../shared/contract/errors.ts';
import type { HostBackoff } from './host-backoff.ts';
import type { AttemptFacts } from './range-attempt.ts';
import type { RangeSupport } from './range-support.ts';
import type { TransferItem } from './transfer-item.ts';

/** An attempt failed and another one follows. */
export interface RetryNotice {
  readonly item: TransferItem;
  readonly chunk: number;
  /** Failures of the host in a row. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: AppError;
}

/** What a pool is handed. */
export interface SchedulerDeps {
  readonly hostBackoff: HostBackoff;
  readonly rangeSupport: RangeSupport;
  /** Undefined, or a promise for the time when more may be read. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
  /** Milliseconds on a clock that never goes back, the one of the hostBackoff. */
  readonly now: () => number;
  /** `unwanted` of them are of no use. */
  readonly onArrived: (bytes: number, unwanted: number, from: AttemptFacts) => void;
  readonly onRetry: (notice: RetryNotice) => void;
  /** A host ignores ranges, so a file comes over one connection from its start. Told once for a host and a while. */
  readonly onSingleStream: (item: TransferItem, host: string) => void;
  /** An error that no retry will mend, or that the disk must mend first. Called once; the pool has stopped. */
  readonly onFatal: (error: AppError) => void;
}

/** Why nothing is moving, when the pool waits for a host. */
export interface SchedulerWait {
  readonly host: string;
  readonly error: AppError;
  readonly attempt: number;
  /** Milliseconds on the pool's clock. */
  readonly untilMs: number;
}
