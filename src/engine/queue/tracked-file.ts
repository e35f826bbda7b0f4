import type { PassedCheck } from '../contents/verification/check-file.ts';
import type { FileRow } from '../ledger/files.ts';
import type { BlobProgress } from './file-progress.ts';

/** One file of a download in memory: its row, and the current source of its numbers. */
export class TrackedFile {
  #row: FileRow;
  #progress: () => BlobProgress;
  #check: PassedCheck | null = null;

  /** `progress` is called whenever numbers are shown. */
  constructor(row: FileRow, progress: () => BlobProgress) {
    this.#row = row;
    this.#progress = progress;
  }

  get row(): FileRow {
    return this.#row;
  }

  /** How the file is known to be correct; null until this run has found out. */
  get check(): PassedCheck | null {
    return this.#check;
  }

  /** Returns its current numbers. */
  readonly progress = (): BlobProgress => this.#progress();

  /** Takes its numbers from another source from now on. */
  follow(progress: () => BlobProgress): void {
    this.#progress = progress;
  }

  /** Marks the file as installed in the cache under its name. */
  installed(check: PassedCheck | null): void {
    const { chunksTotal } = this.progress();
    const { size } = this.#row;
    this.#row = { ...this.#row, installed: true };
    this.#check = check;
    this.#progress = () => ({
      receivedBytes: size,
      verifiedBytes: size,
      chunksDone: chunksTotal,
      chunksTotal,
    });
  }
}
