/** How the Xet side of the Hub behaves; changed while it runs. What one request does differently is a fault of the Hub. */
export interface XetSettings {
  /** `GET /v2/reconstructions`: served, or refused with this status so that clients try v1. */
  v2: 'served' | 404 | 501;
  /** False: `GET /v2/file-chunk-hashes` is refused with 404. */
  chunkHashes: boolean;
  /** Which verification hashes are published: the Hub may have none for old files. */
  gapVerification: 'complete' | 'empty' | 'short';
  /** True: chunks are found by the global deduplication. */
  globalDedup: boolean;
  /** Life of a Xet token in seconds; a negative one is over when it is given. */
  tokenLifetimeSeconds: number;
  /** Life of a xorb's URL in seconds. */
  urlLifetimeSeconds: number;
  /** Added to the unpacked length of the first term, in bytes. */
  unpackedLengthOff: number;
  /** True: terms are returned in the wrong order. */
  shuffledTerms: boolean;
}

/** As the real service, as far as it is known. */
export const XET_DEFAULTS: XetSettings = {
  v2: 'served',
  chunkHashes: true,
  gapVerification: 'complete',
  globalDedup: false,
  tokenLifetimeSeconds: 3600,
  urlLifetimeSeconds: 3600,
  unpackedLengthOff: 0,
  shuffledTerms: false,
};
