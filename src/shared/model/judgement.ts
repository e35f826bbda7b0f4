/** By which of the Hub's hashes pieces were judged; see docs/xet.md. */
export type JudgementMethod = 'terms' | 'nodes' | 'xorbs' | 'chunks';

/** What the Hub's own hashes say about bytes on disk. */
export interface Judgement {
  /** Pieces (terms of Xet storage, up to 64 MiB) of which something is here. */
  readonly pieces: number;
  readonly proved: number;
  readonly bad: number;
  /** Neither proved nor known to be wrong. */
  readonly unproved: number;
  /** Bytes that were judged. */
  readonly bytes: number;
  /** Bytes that are wrong and are fetched again. */
  readonly badBytes: number;
  /** Null when nothing could be said. */
  readonly method: JudgementMethod | null;
  /** True for a piece that came over the line in this run: the line, or what is on it, damages data. */
  readonly arrived: boolean;
}
