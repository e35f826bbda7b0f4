import type { AppError } from '../../shared/contract/errors.ts';

/** So often in a row a part that dies without any progress is started again. */
const MAX_STARTS_OVER = 5;

/** A part of this program that died is started again as long as that is of use: one bad hour must not end a night. */
export class StartOver {
  #inARow = 0;
  #lastBytes = -1;

  /** Whether to run again after `failure`; `downloadedBytes` is what the download has fetched so far. */
  isWorthwhile(failure: AppError, downloadedBytes: number): boolean {
    if (failure.code !== 'Internal' || !failure.retryable) return false;
    this.#inARow = downloadedBytes > this.#lastBytes ? 1 : this.#inARow + 1;
    this.#lastBytes = downloadedBytes;
    return this.#inARow <= MAX_STARTS_OVER;
  }
}
