/** Which of the Hub's hashes the pieces were checked against; see docs/xet.md. */
export type JudgementMethod = 'terms' | 'nodes' | 'xorbs' | 'chunks';

/** What the Hub's own hashes show about bytes on disk. */
export interface Judgement {
  /** Pieces (terms of Xet storage, up to 64 MiB) that are at least partly on disk. */
  readonly pieces: number;
  readonly proved: number;
  readonly bad: number;
  /** Neither proved nor known to be wrong. */
  readonly unproved: number;
  /** Bytes that were checked. */
  readonly bytes: number;
  /** Bytes that are wrong and are fetched again. */
  readonly badBytes: number;
  /** Null when there is no result. */
  readonly method: JudgementMethod | null;
  /** True for a piece that arrived in this run: the network, or something on it, damages data. */
  readonly arrived: boolean;
}
