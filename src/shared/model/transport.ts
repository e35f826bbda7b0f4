/** Ways to transfer a content that the Hub has in Xet storage. */
export const TRANSPORTS = ['http', 'xet'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * Sources of bytes: the Hub and the storage behind it by plain HTTP, Xet storage, or another computer on the same
 * network.
 */
export type SourceKind = 'hub' | 'xet' | 'peer';

/** Who brings bytes of a download. */
export interface Source {
  readonly kind: SourceKind;
  /** With its port. */
  readonly host: string;
  /** What people call a peer; of printable characters only. */
  readonly name?: string;
}

/** What one host brings of a download now, and what it brought since the engine started. */
export interface SourceSpeed extends SourceBytes {
  readonly bytesPerSecond: number;
}

/** What one host brought of a download since the engine started. */
export interface SourceBytes extends Source {
  readonly bytes: number;
}

/** The user's choice: one of them, or whichever turns out to be faster. */
export const TRANSPORT_CHOICES = ['auto', ...TRANSPORTS] as const;
export type TransportChoice = (typeof TRANSPORT_CHOICES)[number];

/** Which transport is used for a content, and why. */
export interface TransportReason {
  readonly transport: Transport;
  /**
   * `asked`: the user chose it; `only`: the content is not in Xet storage; `default`: nothing else was tried enough;
   * `faster`: it won the comparison; `other-failed`: Xet is left alone for a while.
   */
  readonly because: 'asked' | 'only' | 'default' | 'faster' | 'other-failed';
  /** Xet's error when it failed. */
  readonly failure: string | null;
}
