import type { ByteRanges } from '../../../../shared/model/byte-range.ts';
import type { CutRule } from '../kernel/limits.ts';

/**
 * How a piece was proved: by its verification hash (`terms`), the hash of its xorb (`xorbs`), the hash of the whole
 * file (`file`), hashes of nodes inside it (`nodes`) or of its single chunks (`chunks`).
 */
export type ProofMethod = 'terms' | 'xorbs' | 'file' | 'nodes' | 'chunks';

/** What the Hub's hashes show about the local bytes of one term. */
export interface TermVerdict {
  readonly term: number;
  readonly start: number;
  readonly end: number;
  /** `proved`: all of it. `bad`: some of it is known to be wrong. `unproved`: neither is known. */
  readonly state: 'proved' | 'bad' | 'unproved';
  readonly method: ProofMethod | null;
  /** The chunking rule that fitted. */
  readonly rule: CutRule | null;
  /** Parts that are known to be wrong. */
  readonly bad: ByteRanges;
  /** Parts that are known to be right. */
  readonly proved: ByteRanges;
  /** True when hashes were compared and none fitted, which makes the term the first to be suspected. */
  readonly isDoubtful: boolean;
}

/** Returns the verdict on a term that was proved as a whole. */
export function provedTerm(
  { term, start, end }: Pick<TermVerdict, 'term' | 'start' | 'end'>,
  method: ProofMethod,
  rule: CutRule | null,
): TermVerdict {
  return {
    term,
    start,
    end,
    state: 'proved',
    method,
    rule,
    bad: [],
    proved: [{ start, end }],
    isDoubtful: false,
  };
}

/** Returns the verdict on a term about which nothing is known. */
export function unprovedTerm(
  { term, start, end }: Pick<TermVerdict, 'term' | 'start' | 'end'>,
  isDoubtful: boolean,
): TermVerdict {
  return { term, start, end, state: 'unproved', method: null, rule: null, bad: [], proved: [], isDoubtful };
}
