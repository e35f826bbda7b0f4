/** Limits of the content-defined chunking of Xet. Source: huggingface/hub-docs, docs/xet/chunking.md. */

/** Largest chunk, in bytes. */
export const MAX_CHUNK_BYTES = 131_072;
/** Smallest chunk except the last of a content, in bytes, according to the documentation. */
export const MIN_CHUNK_BYTES = 8192;
/**
 * Bytes at the start of a chunk that need no hashing: the 65 before the first possible boundary fill all 64 bits of the
 * hash. Source: huggingface/xet-core, deduplication/chunking.rs.
 */
export const SKIPPED_BYTES = MIN_CHUNK_BYTES - 64 - 1;

/**
 * Two generations of writers divide contents differently. `legacy` ones (xet-core before September 2025, the JavaScript
 * uploader until August 2026) skip as many bytes but then take the first match, so their smallest chunk has 8,128
 * bytes.
 */
export type CutRule = 'modern' | 'legacy';
export const CUT_RULES: readonly CutRule[] = ['modern', 'legacy'];

/** Returns the length of the smallest chunk that a match can end, in bytes. */
export const smallestCut = (rule: CutRule): number =>
  rule === 'modern' ? MIN_CHUNK_BYTES : SKIPPED_BYTES + 1;
