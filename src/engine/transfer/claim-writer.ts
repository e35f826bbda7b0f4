import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { RangeSink } from '../sources/source.ts';
import type { Claim } from './chunk-table.ts';
import { GROUP_BYTES, type WriteBuffers } from './write-buffers.ts';

/** Bytes that may be on their way to the disk for one stream before its socket is no longer read. */
const MAX_PENDING_BYTES = GROUP_BYTES;

export interface ClaimWriterDeps {
  readonly buffers: WriteBuffers;
  /** Writes buffers at an offset of the partial file. */
  readonly write: (buffers: readonly Buffer[], position: number) => Promise<void>;
  /** Bytes of this claim are in the file. */
  readonly onWritten: (range: ByteRange) => void;
  /** Bytes arrived from the network, before they are written; `unwanted` of them belong to another stream by now. */
  readonly onArrived: (bytes: number, unwanted: number) => void;
  /** Undefined, or a promise for the time when more may be read: speed limit, disk that lags behind. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
}

/**
 * Carries the bytes of one claim from the socket to the partial file. They are gathered in buffers that are used again: a
 * copy costs less than what it takes to keep thousands of socket buffers alive until the disk has them.
 */
export class ClaimWriter implements RangeSink {
  readonly claim: Claim;
  readonly #deps: ClaimWriterDeps;
  /** Holds what was gathered; null when nothing was. */
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

  /** Bytes that this claim got from the network. */
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
    // Nothing more is to be read for a disk that takes nothing.
    if (this.#hasFailed) return this.#pending;
    const held = this.#deps.hold(bytes.length);
    if (this.#pendingBytes <= MAX_PENDING_BYTES) return held;
    return Promise.all([held, this.#pending]).then(() => undefined);
  }

  /** Hands what was gathered to the disk. To be called now and then, so that slow streams are safe as well. */
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
    // Told by finish(), or by the push that waits for it.
    this.#pending.catch(() => {
      this.#hasFailed = true;
    });
  }

  /** Resolves when every byte taken is written; rejects with the first error of the disk. */
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
