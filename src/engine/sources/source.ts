import type { ByteRange, ByteRanges } from '../../shared/model/byte-range.ts';
import type { SourceKind, TransportReason } from '../../shared/model/transport.ts';

/**
 * Where the bytes of one content can be had. The transfer knows this much of a transport and no more: which host it is about
 * to ask, and how to have a range brought.
 */
export interface ContentSource {
  /** Host (with port) that the next request for bytes goes to; null while it has to be asked for. */
  readonly host: string | null;
  /** Host (with port) that is asked where the bytes are. */
  readonly finderHost: string;
  /** Which transport is in use and why, where there is a choice. */
  readonly transport?: TransportReason | undefined;
  /**
   * Something of what it brought was wrong, and `wrong` is where that is known: from now on it goes the plainest way that it has.
   * @returns what came from whoever is trusted less than the others, and is to be suspected first
   */
  distrust?(wrong?: ByteRanges): ByteRanges;
  /**
   * Finds out where a range can be had now; one question for all who wait. Rejects with what the finder answers, or with the
   * reason of `signal`.
   */
  find(range: ByteRange, signal: AbortSignal): Promise<SourcePlace>;
}

/** A host that has the bytes now. */
export interface SourcePlace {
  readonly kind: SourceKind;
  readonly host: string;
  /** What people call it, where that is not the host. */
  readonly name?: string | undefined;
  /**
   * Brings a range into `sink`. Resolves when the sink is full, or earlier when the rest is better asked for anew; rejects with an
   * `AppError` after delivering whatever good prefix arrived. No byte is delivered of an answer that is not about this range of this
   * content.
   */
  fetch(range: ByteRange, sink: RangeSink, control: FetchControl): Promise<void>;
  /** Bytes that it brought are on disk: these were its own, and not those of another attempt. */
  wrote?(range: ByteRange): void;
}

/** What whoever fetches decides about one request while it runs. */
export interface FetchControl {
  readonly signal: AbortSignal;
  /** Longest silence that is tolerated now, in milliseconds. */
  readonly stallTimeoutMs: () => number;
  /** Bytes that came so far and were wanted. */
  readonly deliveredBytes: () => number;
  /** True once enough came to say that the host works. */
  readonly hasProgressed: () => boolean;
}

/** Where the bytes of a range go. */
export interface RangeSink {
  /** True when every byte that is wanted has arrived. May turn true early, when the rest was given to another stream. */
  isFull(): boolean;
  /**
   * Takes bytes in order, before it returns: they are overwritten afterwards. A promise asks to stop reading until it settles;
   * its rejection ends the attempt.
   */
  push(bytes: Buffer): Promise<void> | undefined;
  /**
   * Bytes came over the line that are pushed later, in lumps, once they are unpacked: how fast a stream is shows in these. Absent or
   * not called: it shows in what is pushed.
   */
  arriving?(bytes: number): void;
  /**
   * The server sends the whole file in place of the part that was asked for. True when the sink takes it: what is pushed then
   * begins at the first byte of the file. Absent: only a part that begins there is taken, as far as it was asked for.
   */
  takeWhole?(): boolean;
}
