import { AppError } from '../../shared/contract/errors.ts';
import type { Transfer } from './bring-contents.ts';
import type { Download } from './download.ts';

/**
 * `--give-up-after`: how long a download may wait for the outside without a byte or a hashed byte. Work on this machine, as
 * hashing a copy, taking over a partial from a slow disk, or installing thousands of files, takes the time it takes: it is
 * bounded by what is here, and to give it up would begin it anew.
 */
export class GiveUpWatch {
  readonly #download: Download;
  readonly #now: () => number;
  readonly #afterMs: number | undefined;
  /** True between the answer of the Hub and the transfer: this machine looks at what is here, which takes long for many files. */
  isLooking = false;
  #lastProgressMs: number;
  #lastBytes = 0;

  /** `now` in milliseconds on a clock that never goes back; without `afterMs` nothing is ever given up. */
  constructor(download: Download, now: () => number, afterMs: number | undefined) {
    this.#download = download;
    this.#now = now;
    this.#afterMs = afterMs;
    this.#lastProgressMs = now();
  }

  /** Null, or why it is time to give up. `lastError` is what the outside answered last. */
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
