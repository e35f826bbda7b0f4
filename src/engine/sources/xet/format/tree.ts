import { hashText } from './hash-text.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { FILE_KEY, NODE_KEY, VERIFICATION_KEY } from './keys.ts';

/** A hash and the number of content bytes it covers: a chunk, or a node of the tree over chunks. */
export interface HashedSpan {
  readonly hash: Uint8Array;
  readonly length: number;
}

/** Maximum number of children in a group. Source: huggingface/xet-core, merklehash/aggregated_hashes.rs. */
const MAX_CHILDREN = 9;

/**
 * True where the tree prefers to end a group: after a child whose hash, as four numbers, ends in one divisible by four.
 */
export const isNaturalCut = ({ hash }: HashedSpan): boolean => ((hash[24] ?? 0) & 3) === 0;

/** Returns the node over children. */
export function nodeOf(children: readonly HashedSpan[], keyed: KeyedHash): HashedSpan {
  const text = children.map(({ hash, length }) => `${hashText(hash)} : ${length}\n`).join('');
  return { hash: keyed(NODE_KEY, Buffer.from(text, 'latin1')), length: totalLength(children) };
}

/** Sum of the lengths in bytes. */
export const totalLength = (spans: readonly HashedSpan[]): number =>
  spans.reduce((sum, { length }) => sum + length, 0);

/** Returns the number of children of the group that begins at `start`. */
function groupSize(spans: readonly HashedSpan[], start: number): number {
  const left = spans.length - start;
  if (left <= 2) return left;
  const most = Math.min(MAX_CHILDREN, left);
  for (let index = 2; index < most; index += 1) {
    const span = spans[start + index];
    if (span && isNaturalCut(span)) return index + 1;
  }
  return most;
}

/** Returns the next level of the tree: one node for each group. */
export function groupLevel(spans: readonly HashedSpan[], keyed: KeyedHash): HashedSpan[] {
  const nodes: HashedSpan[] = [];
  for (let start = 0; start < spans.length; ) {
    const size = groupSize(spans, start);
    nodes.push(nodeOf(spans.slice(start, start + size), keyed));
    start += size;
  }
  return nodes;
}

/**
 * Returns the root over chunks, which is also the name of a xorb that contains exactly these. Null for no chunks at
 * all.
 */
export function rootOf(chunks: readonly HashedSpan[], keyed: KeyedHash): Uint8Array | null {
  let level = chunks;
  while (level.length > 1) level = groupLevel(level, keyed);
  return level[0]?.hash ?? null;
}

/** Returns the Xet hash of a file that consists of these chunks; all zeros for an empty one. */
export function fileHash(chunks: readonly HashedSpan[], keyed: KeyedHash): Uint8Array {
  const root = rootOf(chunks, keyed);
  return root === null ? new Uint8Array(32) : keyed(FILE_KEY, root);
}

/** Returns the verification hash of a term that consists of these chunks. */
export function verificationHash(chunks: readonly HashedSpan[], keyed: KeyedHash): Uint8Array {
  return keyed(VERIFICATION_KEY, Buffer.concat(chunks.map(({ hash }) => hash)));
}
