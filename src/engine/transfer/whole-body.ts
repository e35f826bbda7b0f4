import type { RangeSink } from '../sources/source.ts';
import type { Claim } from './chunk-table.ts';
import type { ClaimWriter } from './claim-writer.ts';

/** Dependencies of {@link WholeBodyWriter}. */
export interface WholeBodyDeps {
  /** Claims the next wanted part at or after an offset of the file. */
  readonly claimFrom: (position: number) => Claim | null;
  readonly release: (claim: Claim) => void;
  readonly writerFor: (claim: Claim) => ClaimWriter;
  /** Compares received bytes with those on disk; does not use the buffer after it returns. */
  readonly compare: (bytes: Buffer, position: number) => Promise<void>;
  /** Called with bytes that are on disk already, or that nobody wants. */
  readonly onSkipped: (bytes: number) => void;
}

/**
 * Receives a whole file from its first byte, as sent by a server that ignores ranges: missing bytes are written, bytes
 * on disk are compared as they pass. One request delivers everything that is missing, in whatever pieces.
 */
export class WholeBodyWriter implements RangeSink {
  readonly #deps: WholeBodyDeps;
  #position = 0;
  #writer: ClaimWriter | null;
  /** Complete claims that are being written to disk. */
  readonly #ended: Promise<void>[] = [];
  #writtenBytes = 0;

  constructor(deps: WholeBodyDeps) {
    this.#deps = deps;
    this.#writer = this.#next();
  }

  /** The claim that is being written or waited for; null when nothing ahead is wanted. */
  get claim(): Claim | null {
    return this.#writer?.claim ?? null;
  }

  /** Missing bytes that were received. */
  get arrivedBytes(): number {
    return this.#writtenBytes + (this.#writer?.arrivedBytes ?? 0);
  }

  isFull(): boolean {
    return this.#writer === null;
  }

  push(bytes: Buffer): Promise<void> | undefined {
    const waits: Promise<void>[] = [];
    let rest = bytes;
    while (rest.length > 0 && this.#writer !== null) {
      const piece = rest.subarray(0, this.#untilNextBorder(this.#writer.claim));
      const wait = this.#take(piece, this.#writer);
      if (wait) waits.push(wait);
      rest = rest.subarray(piece.length);
    }
    if (rest.length > 0) this.#deps.onSkipped(rest.length);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }

  flush(): void {
    this.#writer?.flush();
  }

  /** Resolves when every received byte is written; rejects with the first disk error. Releases its claims. */
  async finish(): Promise<void> {
    if (this.#writer !== null) this.#end(this.#writer);
    this.#writer = null;
    await Promise.all(this.#ended);
  }

  #untilNextBorder({ position, end }: Claim): number {
    return (this.#position < position ? position : end) - this.#position;
  }

  #take(piece: Buffer, writer: ClaimWriter): Promise<void> | undefined {
    const at = this.#position;
    this.#position += piece.length;
    if (at < writer.claim.position) {
      this.#deps.onSkipped(piece.length);
      return this.#deps.compare(Buffer.from(piece), at);
    }
    const wait = writer.push(piece);
    if (writer.isFull()) {
      this.#end(writer);
      this.#writer = this.#next();
    }
    return wait;
  }

  #next(): ClaimWriter | null {
    const claim = this.#deps.claimFrom(this.#position);
    return claim && this.#deps.writerFor(claim);
  }

  /** A claim is released once it is written: before that, its part would be taken for missing. */
  #end(writer: ClaimWriter): void {
    this.#writtenBytes += writer.arrivedBytes;
    const ended = writer.finish().finally(() => this.#deps.release(writer.claim));
    ended.catch(() => undefined); // Reported by finish().
    this.#ended.push(ended);
  }
}
