import type { AppError } from '../../shared/contract/errors.ts';

/** How many times in a row a part that dies without progress is restarted. */
const MAX_STARTS_OVER = 5;

/** Restarts a part of this program that died as long as that helps: one bad hour must not end an unattended night. */
export class StartOver {
  #inARow = 0;
  #lastBytes = -1;

  /** Returns whether to run again after `failure`; `downloadedBytes` is what the download has fetched so far. */
  isWorthwhile(failure: AppError, downloadedBytes: number): boolean {
    if (failure.code !== 'Internal' || !failure.retryable) return false;
    this.#inARow = downloadedBytes > this.#lastBytes ? 1 : this.#inARow + 1;
    this.#lastBytes = downloadedBytes;
    return this.#inARow <= MAX_STARTS_OVER;
  }
}
