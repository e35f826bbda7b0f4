import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { Claim } from './chunk-table.ts';
import type { RangeSink } from './fetch-range.ts';

/** Socket reads are gathered to writes of this size: fewer system calls, and still little in memory. */
const GROUP_BYTES = 512 * 1024;
/** Bytes that may be on their way to the disk for one stream before its socket is no longer read. */
const MAX_PENDING_BYTES = GROUP_BYTES;

export interface ClaimWriterDeps {
  /** Writes buffers at an offset of the partial file. */
  readonly write: (buffers: readonly Buffer[], position: number) => Promise<void>;
  /** Bytes of this claim are in the file. */
  readonly onWritten: (range: ByteRange) => void;
  /** Bytes arrived from the network, before they are written; `unwanted` of them belong to another stream by now. */
  readonly onArrived: (bytes: number, unwanted: number) => void;
  /** Undefined, or a promise for the time when more may be read: speed limit, disk that lags behind. */
  readonly hold: (bytes: number) => Promise<void> | undefined;
}

/** Carries the bytes of one claim from the socket to the partial file. */
export class ClaimWriter implements RangeSink {
  readonly claim: Claim;
  readonly #deps: ClaimWriterDeps;
  #group: Buffer[] = [];
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
    const wanted = this.claim.end - this.claim.position;
    const taken = bytes.length > wanted ? bytes.subarray(0, Math.max(0, wanted)) : bytes;
    this.#arrivedBytes += bytes.length;
    this.#deps.onArrived(bytes.length, bytes.length - taken.length);
    if (taken.length > 0) {
      this.claim.position += taken.length;
      this.#group.push(taken);
      this.#groupBytes += taken.length;
      if (this.#groupBytes >= GROUP_BYTES || this.isFull()) this.flush();
    }
    // Nothing more is to be read for a disk that takes nothing.
    if (this.#hasFailed) return this.#pending;
    const held = this.#deps.hold(bytes.length);
    if (this.#pendingBytes <= MAX_PENDING_BYTES) return held;
    return Promise.all([held, this.#pending]).then(() => undefined);
  }

  /** Hands what was gathered to the disk. To be called now and then, so that slow streams are safe as well. */
  flush(): void {
    if (this.#groupBytes === 0) return;
    const buffers = this.#group;
    const length = this.#groupBytes;
    const end = this.claim.position;
    this.#group = [];
    this.#groupBytes = 0;
    this.#pendingBytes += length;
    const written = this.#deps.write(buffers, end - length).then(() => {
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
}
