import {
  addRange,
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
  totalLength,
} from '../../../../shared/model/byte-range.ts';
import { sameHash } from '../format/hash-text.ts';
import type { KeyedHash } from '../format/keyed-hash.ts';
import type { PlacedNode } from '../format/subtree.ts';
import { groupLevel, type HashedSpan } from '../format/tree.ts';
import type { CutRule } from '../kernel/limits.ts';
import { MAX_DIRTY_RANGES, type XetClient } from '../protocol/xet-client.ts';
import { isPresent, type LocalBytes, spansOf } from './local-bytes.ts';

const MIB = 1024 * 1024;
/** Distance between windows: most nodes between two of them are single chunks. */
const WINDOW_STEP_BYTES = 2 * MIB;
/** Maximum number of windows in one pass; beyond it their distance grows instead. */
const MAX_WINDOWS = 400;

/** What nodes show about some parts of a file. */
export interface NodeProofs {
  readonly proved: ByteRanges;
  /** Inside nodes that fit by neither rule. */
  readonly failed: ByteRanges;
}

/** Dependencies of {@link nodeProofs}. */
export interface NodeProofDeps {
  readonly client: XetClient;
  readonly local: LocalBytes;
  readonly keyed: KeyedHash;
  /** Offsets where terms begin; chunks never cross these. */
  readonly borders: readonly number[];
  /** The rules to try, the likelier one first. */
  readonly rules: readonly CutRule[];
}

/** Maximum number of rounds in which failed nodes are split. */
const MAX_ROUNDS = 6;

/**
 * Compares parts of a file with the nodes of its tree: in a first pass between windows, in a second one what the
 * windows of the first covered. Then failed nodes are split by windows in and after them until single chunks are left.
 * Returns null when the storage has no such data.
 */
export async function nodeProofs(
  targets: ByteRanges,
  deps: NodeProofDeps,
  signal: AbortSignal,
): Promise<NodeProofs | null> {
  const step = Math.max(WINDOW_STEP_BYTES, Math.ceil(totalLength(targets) / MAX_WINDOWS));
  let proved: ByteRanges = [];
  let failed: readonly PlacedNode[] = [];
  const pass = async (offsets: readonly number[], within: ByteRanges): Promise<boolean> => {
    for (let at = 0; at < offsets.length; at += MAX_DIRTY_RANGES) {
      const answer = await deps.client.chunkHashes(offsets.slice(at, at + MAX_DIRTY_RANGES), signal);
      if (answer === null) return false;
      const result = await compareNodes(
        answer.nodes.filter((node) => touches(node, within)),
        deps,
      );
      for (const node of result.proved) proved = addRange(proved, node);
      failed = [...failed, ...result.failed];
    }
    return true;
  };
  if (!(await pass(offsetsIn(targets, step, 0, deps), targets))) return null;
  const open = withoutRanges(targets, proved);
  const withOpen = targets.filter((target) => touches(target, open));
  if (open.length > 0) await pass(offsetsIn(withOpen, step, Math.floor(step / 2), deps), open);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const parts = partsToSplit(failed, proved);
    const offsets = parts.map(({ start, end }) => (round === 0 ? end : Math.floor((start + end) / 2)));
    const inside = [...new Set(offsets)]
      .filter((offset) => offset < deps.client.ref.size)
      .sort((a, b) => a - b);
    if (inside.length > 0) await pass(inside, parts);
  }
  const wrong = withoutRanges(failed.reduce<ByteRanges>(addRange, []), proved);
  const inTargets = (ranges: ByteRanges) => targets.flatMap((target) => clipRanges(ranges, target));
  return { proved: inTargets(proved), failed: inTargets(wrong) };
}

/** Returns the parts of failed nodes that are neither proved nor a chunk that failed by itself. */
function partsToSplit(failed: readonly PlacedNode[], proved: ByteRanges): ByteRanges {
  const chunks = failed.filter(({ level }) => level === 0).reduce<ByteRanges>(addRange, []);
  const coarse = failed.filter(({ level }) => level > 0).reduce<ByteRanges>(addRange, []);
  return withoutRanges(withoutRanges(coarse, proved), chunks);
}

/** Returns the positions of windows: at even distances, and around the ends of what is present. */
function offsetsIn(
  ranges: ByteRanges,
  step: number,
  shift: number,
  { client, local }: NodeProofDeps,
): number[] {
  const offsets = new Set<number>();
  for (const { start, end } of ranges) {
    for (let at = start + shift; at < end; at += step) offsets.add(at);
    const isEndOfPresent = local.present.some((present) => present.end === end);
    if (isEndOfPresent || end - start <= shift) offsets.add(end);
  }
  const inFile = [...offsets].filter((offset) => offset < client.ref.size);
  // A window anywhere makes the storage return the rest; the first pass had one at the front.
  if (inFile.length === 0) inFile.push(shift === 0 ? 0 : client.ref.size - 1);
  return inFile.sort((a, b) => a - b);
}

const touches = (node: ByteRange, ranges: ByteRanges): boolean =>
  ranges.some(({ start, end }) => start < node.end && node.start < end);

interface Compared {
  readonly proved: PlacedNode[];
  readonly failed: PlacedNode[];
}

/**
 * Compares nodes, in file order, with the local bytes, by each rule in turn. Terms of edited files begin with a new
 * chunk; in case that does not hold, nodes are also tried without these borders. Nodes that are not entirely on disk
 * are left out.
 */
async function compareNodes(nodes: readonly PlacedNode[], deps: NodeProofDeps): Promise<Compared> {
  let open = nodes.filter((node) => isPresent(deps.local.present, node));
  const proved: PlacedNode[] = [];
  const ways = [deps.borders, []].flatMap((borders) => deps.rules.map((rule) => ({ rule, borders })));
  for (const { rule, borders } of ways) {
    const failed: PlacedNode[] = [];
    for (const run of runsOf(open)) {
      for (const [node, fits] of await compareRun(run, rule, borders, deps))
        (fits ? proved : failed).push(node);
    }
    open = failed;
  }
  return { proved, failed: open };
}

/** Groups nodes that follow each other without a gap. */
function runsOf(nodes: readonly PlacedNode[]): PlacedNode[][] {
  const runs: PlacedNode[][] = [];
  for (const node of nodes) {
    const run = runs.at(-1);
    if (run?.at(-1)?.end === node.start) run.push(node);
    else runs.push([node]);
  }
  return runs;
}

async function compareRun(
  run: readonly PlacedNode[],
  rule: CutRule,
  borders: readonly number[],
  { local, keyed }: NodeProofDeps,
): Promise<Array<[PlacedNode, boolean]>> {
  const start = run[0]?.start ?? 0;
  const end = run.at(-1)?.end ?? start;
  const cuts = [...new Set([...run.map((node) => node.end), ...borders])].filter(
    (cut) => cut > start && cut < end,
  );
  cuts.sort((a, b) => a - b);
  const spans = spansOf(await local.cut({ start, end }, { rule, borders: cuts }));
  let index = 0;
  let at = start;
  return run.map((node) => {
    const inside: HashedSpan[] = [];
    for (; at < node.end; index += 1) {
      const span = spans[index];
      if (!span) break;
      inside.push(span);
      at += span.length;
    }
    return [node, isNode(node, inside, keyed)];
  });
}

/** Groups chunks as often as the level requires; exactly the node must be left. */
function isNode({ level, hash }: PlacedNode, chunks: readonly HashedSpan[], keyed: KeyedHash): boolean {
  let spans = chunks;
  for (let at = 0; at < level; at += 1) spans = groupLevel(spans, keyed);
  const [only, ...others] = spans;
  return only !== undefined && others.length === 0 && sameHash(only.hash, hash);
}

/** Returns `ranges` without those in `taken`. */
export function withoutRanges(ranges: ByteRanges, taken: ByteRanges): ByteRanges {
  return ranges.flatMap((range) => missingRanges(taken, range));
}
