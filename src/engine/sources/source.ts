import type { ByteRange, ByteRanges } from '../../shared/model/byte-range.ts';
import type { SourceKind, TransportReason } from '../../shared/model/transport.ts';

/**
 * Where the bytes of one content come from. This is all that the transfer knows about a transport: the host it is about
 * to contact, and how to fetch a range.
 */
export interface ContentSource {
  /** Host (with port) of the next request for bytes; null until it has been located. */
  readonly host: string | null;
  /** Host (with port) that knows where the bytes are. */
  readonly finderHost: string;
  /** The transport in use and the reason for it, if there is a choice. */
  readonly transport?: TransportReason | undefined;
  /**
   * Called when some of its bytes were wrong; `wrong` is their location, if known. From now on the source uses its
   * plainest way.
   * @returns the bytes from sources that are trusted less than the others, which are to be suspected first
   */
  distrust?(wrong?: ByteRanges): ByteRanges;
  /**
   * Locates a range; one request for all that wait. Rejects with the error of the finder, or with the reason of
   * `signal`.
   */
  find(range: ByteRange, signal: AbortSignal): Promise<SourcePlace>;
}

/** A host that has the bytes now. */
export interface SourcePlace {
  readonly kind: SourceKind;
  readonly host: string;
  /** Its name for people, if that is not the host. */
  readonly name?: string | undefined;
  /**
   * Fetches a range into `sink`. Resolves when the sink is full, or earlier when the rest is better requested again;
   * rejects with an `AppError` after delivering whatever good prefix arrived. Delivers no byte of a response that is
   * not about this range of this content.
   */
  fetch(range: ByteRange, sink: RangeSink, control: FetchControl): Promise<void>;
  /** Called when bytes that it delivered are on disk: its own, and not those of another attempt. */
  wrote?(range: ByteRange): void;
}

/** What the caller controls about one request while it runs. */
export interface FetchControl {
  readonly signal: AbortSignal;
  /** Longest silence tolerated now, in milliseconds. */
  readonly stallTimeoutMs: () => number;
  /** Wanted bytes received so far. */
  readonly deliveredBytes: () => number;
  /** True once enough was received to show that the host works. */
  readonly hasProgressed: () => boolean;
}

/** Receives the bytes of a range. */
export interface RangeSink {
  /** True when every wanted byte has arrived. May become true early, when the rest was given to another attempt. */
  isFull(): boolean;
  /**
   * Uses bytes, in order, before it returns: they are overwritten afterwards. Returns a promise to pause reading until
   * it settles; its rejection ends the attempt.
   */
  push(bytes: Buffer): Promise<void> | undefined;
  /**
   * Called with bytes received from the network that are pushed later, in lumps, once they are decoded: the pace of an
   * attempt is measured by these. If absent or not called, it is measured by what is pushed.
   */
  arriving?(bytes: number): void;
  /**
   * Called when the server sends the whole file instead of the requested range. Returns true when the sink accepts it:
   * then pushes begin at the first byte of the file. If absent, only a range that begins there is accepted, as far as
   * it was requested.
   */
  takeWhole?(): boolean;
}
