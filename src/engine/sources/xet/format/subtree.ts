import type { HashedSpan } from './tree.ts';

/**
 * Part of a file's tree as returned by the Hub: complete nodes that cover a run of chunks without each chunk's hash.
 */
export interface Subtree {
  readonly nodes: readonly HashedSpan[];
  /** For each level, 0 being chunks: the number of nodes at its left and at its right end. */
  readonly levels: ReadonlyArray<readonly [left: number, right: number]>;
}

/** A node with its position in the file; `level` 0 is a chunk. */
export interface PlacedNode {
  readonly start: number;
  readonly end: number;
  readonly level: number;
  readonly hash: Uint8Array;
}

/** Deepest accepted tree: groups of three would make one over more than 10^15 chunks. */
const MAX_LEVELS = 32;

/**
 * Returns the nodes of a subtree in file order with their byte ranges; the run begins at `start` of the file and must
 * end at `end`. Null when it contradicts itself or does not fit there.
 */
export function placeNodes(subtree: Subtree, start: number, end: number): PlacedNode[] | null {
  const { nodes, levels } = subtree;
  if (levels.length > MAX_LEVELS) return null;
  const lefts = levels.flatMap(([left], level) => Array.from({ length: left }, () => level));
  const rights = levels.flatMap(([, right], level) => Array.from({ length: right }, () => level)).reverse();
  const order = [...lefts, ...rights];
  if (order.length !== nodes.length) return null;
  let at = start;
  const placed = nodes.map(({ hash, length }, index) => {
    const node = { start: at, end: at + length, level: order[index] ?? 0, hash };
    at += length;
    return node;
  });
  return at === end ? placed : null;
}
