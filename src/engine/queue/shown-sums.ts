import type { DownloadState } from '../../shared/model/download.ts';
import { MAY_FALL } from './state.ts';
import type { TrackedFile } from './tracked-file.ts';

/** The numbers of a progress event, summed over the files. */
export interface Sums {
  readonly receivedBytes: number;
  readonly verifiedBytes: number;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  readonly totalBytes: number;
}

const NONE = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0 };

/** Sums that do not decrease without a reason. */
export class ShownSums {
  /** Highest numbers shown since they were last allowed to decrease. */
  #shown = { ...NONE };

  /** Allows the numbers to decrease from now on. */
  mayFall(): void {
    this.#shown = { ...NONE };
  }

  of(files: readonly TrackedFile[], state: DownloadState): Sums {
    if (MAY_FALL.has(state)) this.mayFall();
    const sums = { ...NONE, chunksTotal: 0, totalBytes: 0 };
    for (const { row, progress } of files) {
      const of = progress();
      sums.totalBytes += row.size;
      sums.receivedBytes += of.receivedBytes;
      sums.verifiedBytes += of.verifiedBytes;
      sums.chunksDone += of.chunksDone;
      sums.chunksTotal += of.chunksTotal;
    }
    for (const key of ['receivedBytes', 'verifiedBytes', 'chunksDone'] as const) {
      sums[key] = this.#shown[key] = Math.max(sums[key], this.#shown[key]);
    }
    return sums;
  }
}
