import type { PassedCheck } from '../contents/verification/check-file.ts';
import type { FileRow } from '../ledger/files.ts';
import type { BlobProgress } from './file-progress.ts';

/** One file of a download in memory: its row, and who knows its numbers now. */
export class TrackedFile {
  #row: FileRow;
  #progress: () => BlobProgress;
  #check: PassedCheck | null = null;

  /** `progress` is asked whenever numbers are shown. */
  constructor(row: FileRow, progress: () => BlobProgress) {
    this.#row = row;
    this.#progress = progress;
  }

  get row(): FileRow {
    return this.#row;
  }

  /** How it is known that the file is right; null until this run has found out. */
  get check(): PassedCheck | null {
    return this.#check;
  }

  /** Its numbers now. */
  readonly progress = (): BlobProgress => this.#progress();

  /** From now on, its numbers are told by somebody else. */
  follow(progress: () => BlobProgress): void {
    this.#progress = progress;
  }

  /** It is in the cache under its name. */
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
