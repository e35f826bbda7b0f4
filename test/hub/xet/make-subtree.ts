import { hashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import type { KeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import { groupLevel, type HashedSpan, isNaturalCut } from '../../../src/engine/sources/xet/format/tree.ts';

/** A subtree in the form of the answer, members in their order. */
export interface SubtreeJson {
  readonly nodes: ReadonlyArray<{ readonly hash: string; readonly size: number }>;
  readonly levels: ReadonlyArray<readonly [number, number]>;
  readonly at_start: boolean;
  readonly at_end: boolean;
}

/** Two consecutive natural cuts this far apart fix where groups end, whatever precedes or follows. */
const isStable = (distance: number): boolean => distance >= 3 && distance <= 7;

/** The subtree of a run of chunks; null for none. Source: huggingface/xet-core, merkle_hash_subtree.rs. */
export function makeSubtree(
  chunks: readonly HashedSpan[],
  atStart: boolean,
  atEnd: boolean,
  keyed: KeyedHash,
): SubtreeJson | null {
  if (chunks.length === 0) return null;
  const lefts: HashedSpan[][] = [];
  const rights: HashedSpan[][] = [];
  let current: readonly HashedSpan[] = chunks;
  for (;;) {
    const start = atStart && lefts.every((nodes) => nodes.length === 0) ? 0 : stableStart(current);
    const end =
      atEnd && rights.every((nodes) => nodes.length === 0) ? current.length : stableEnd(current, start ?? 0);
    if (current.length <= 1 || start === null || end === null || end <= start) {
      lefts.push([...current]);
      rights.push([]);
      break;
    }
    lefts.push(current.slice(0, start));
    rights.push(current.slice(end));
    const promoted = groupLevel(current.slice(start, end), keyed);
    if (promoted.length === 1) {
      lefts.push(promoted);
      rights.push([]);
      break;
    }
    current = promoted;
  }
  const nodes = [...lefts.flat(), ...[...rights].reverse().flat()];
  return {
    nodes: nodes.map(({ hash, length }) => ({ hash: hashText(hash), size: length })),
    levels: lefts.map((left, level) => [left.length, rights[level]?.length ?? 0]),
    at_start: atStart,
    at_end: atEnd,
  };
}

function stableStart(spans: readonly HashedSpan[]): number | null {
  const cuts = spans.flatMap((span, index) => (isNaturalCut(span) ? [index] : []));
  for (let at = 0; at + 2 < cuts.length; at += 1) {
    const [first = 0, second = 0, third = 0] = cuts.slice(at, at + 3);
    if (isStable(second - first) && isStable(third - second)) return second + 1;
  }
  return null;
}

function stableEnd(spans: readonly HashedSpan[], from: number): number | null {
  const cuts = spans.flatMap((span, index) => (index >= from && isNaturalCut(span) ? [index] : []));
  for (let at = cuts.length - 1; at >= 2; at -= 1) {
    const [third = 0, second = 0, first = 0] = cuts.slice(at - 2, at + 1);
    if (isStable(first - second) && isStable(second - third)) return second + 1;
  }
  return null;
}
