import { AppError } from '../../shared/contract/errors.ts';
import type { Transfer } from './acquire-contents.ts';
import type { Download } from './download.ts';

/**
 * Implements `--give-up-after`: how long a download may wait for anything outside this computer without receiving or
 * hashing a byte. Local work, such as hashing a copy, adopting a partial from a slow disk or installing thousands of
 * files, has no limit: it is bounded by what is on disk, and giving it up would only start it over.
 */
export class GiveUpWatch {
  readonly #download: Download;
  readonly #now: () => number;
  readonly #afterMs: number | undefined;
  /**
   * True between the Hub's answer and the transfer, while this computer checks what is on disk, which takes long for
   * many files.
   */
  isLooking = false;
  #lastProgressMs: number;
  #lastBytes = 0;

  /**
   * @param now milliseconds on a monotonic clock
   * @param afterMs without it, nothing is ever given up
   */
  constructor(download: Download, now: () => number, afterMs: number | undefined) {
    this.#download = download;
    this.#now = now;
    this.#afterMs = afterMs;
    this.#lastProgressMs = now();
  }

  /** Returns null, or the reason to give up now. `lastError` is the last error from outside. */
  reason(transfer: Transfer | null, lastError: AppError | null): AppError | null {
    const now = this.#now();
    const bytes = this.#download.throughput.totalBytes + hashedBytes(transfer);
    const isLocal = this.isLooking || (transfer !== null && transfer.local.size > 0);
    if (isLocal || bytes !== this.#lastBytes) this.#lastProgressMs = now;
    this.#lastBytes = bytes;
    if (this.#afterMs === undefined || now - this.#lastProgressMs < this.#afterMs) return null;
    return lastError ?? new AppError('Timeout', 'Gave up after no progress.');
  }
}

function hashedBytes(transfer: Transfer | null): number {
  return [...(transfer?.jobs ?? [])].reduce((sum, job) => sum + (job.verifying?.hashedBytes ?? 0), 0);
}
