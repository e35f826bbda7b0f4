import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { RangeSink } from '../sources/source.ts';
import type { Claim } from './chunk-table.ts';
import { GROUP_BYTES, type WriteBuffers } from './write-buffers.ts';

/** Bytes that one attempt may have in flight to the disk before its socket is paused. */
const MAX_PENDING_BYTES = GROUP_BYTES;

export interface ClaimWriterDeps {
  readonly buffers: WriteBuffers;
  /** Writes buffers at an offset of the partial file. */
  readonly write: (buffers: readonly Buffer[], position: number) => Promise<void>;
  /** Called when bytes of this claim have been written to the file. */
  readonly onWritten: (range: ByteRange) => void;
  /**
   * Called when bytes arrive from the network, before they are written; `unwanted` of them now belong to another
   * attempt.
   */
  readonly onArrived: (bytes: number, unwanted: number) => void;
  /**
   * Returns undefined, or a promise that resolves when reading may continue: speed limit, or a disk that has fallen
   * behind.
   */
  readonly hold: (bytes: number) => Promise<void> | undefined;
}

/**
 * Moves the bytes of one claim from the socket to the partial file. Gathers them in reused buffers: copying costs less
 * than keeping thousands of socket buffers alive until the disk has caught up.
 */
export class ClaimWriter implements RangeSink {
  readonly claim: Claim;
  readonly #deps: ClaimWriterDeps;
  /** Buffer with the gathered bytes; null when there are none. */
  #group: Buffer | null = null;
  #groupBytes = 0;
  #pendingBytes = 0;
  #pending: Promise<void> = Promise.resolve();
  #hasFailed = false;
  #arrivedBytes = 0;

  constructor(claim: Claim, deps: ClaimWriterDeps) {
    this.claim = claim;
    this.#deps = deps;
  }

  /** Bytes that this claim has received from the network. */
  get arrivedBytes(): number {
    return this.#arrivedBytes;
  }

  isFull(): boolean {
    return this.claim.position >= this.claim.end;
  }

  push(bytes: Buffer): Promise<void> | undefined {
    const wanted = Math.max(0, this.claim.end - this.claim.position);
    const taken = bytes.length > wanted ? bytes.subarray(0, wanted) : bytes;
    this.#arrivedBytes += bytes.length;
    this.#deps.onArrived(bytes.length, bytes.length - taken.length);
    this.#gather(taken);
    if (this.isFull()) this.flush();
    // The disk accepts nothing, so nothing more is to be read.
    if (this.#hasFailed) return this.#pending;
    const held = this.#deps.hold(bytes.length);
    if (this.#pendingBytes <= MAX_PENDING_BYTES) return held;
    return Promise.all([held, this.#pending]).then(() => undefined);
  }

  /** Hands the gathered bytes to the disk. Call it regularly, so that slow attempts are safe as well. */
  flush(): void {
    const buffer = this.#group;
    if (!buffer) return;
    const length = this.#groupBytes;
    const end = this.claim.position;
    this.#group = null;
    this.#groupBytes = 0;
    this.#pendingBytes += length;
    const written = this.#deps.write([buffer.subarray(0, length)], end - length).then(() => {
      this.#deps.buffers.give(buffer);
      this.#pendingBytes -= length;
      this.#deps.onWritten({ start: end - length, end });
    });
    this.#pending = Promise.all([this.#pending, written]).then(() => undefined);
    // finish(), or the push() that waits for it, reports this error.
    this.#pending.catch(() => {
      this.#hasFailed = true;
    });
  }

  /** Resolves when every received byte is written; rejects with the first disk error. */
  async finish(): Promise<void> {
    this.flush();
    await this.#pending;
  }

  #gather(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      this.#group ??= this.#deps.buffers.take(this.claim.end - this.claim.position);
      const count = bytes.copy(this.#group, this.#groupBytes, at);
      at += count;
      this.#groupBytes += count;
      this.claim.position += count;
      if (this.#groupBytes === this.#group.length) this.flush();
    }
  }
}
