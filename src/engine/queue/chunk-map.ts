import type { EngineEvent } from '../../shared/contract/events.ts';
import { type ByteRange, type ByteRanges, missingRanges } from '../../shared/model/byte-range.ts';
import type { ChunkRun, ChunkState } from '../../shared/model/inspection.ts';
import type { ChunkMark } from '../ledger/chunks.ts';
import { type ChunkPlan, chunkRange } from '../transfer/chunk-plan.ts';
import { type Chunk, type ChunkTable, type Claim, isWhole } from '../transfer/chunk-table.ts';

/** What happened to the chunks of a file, besides being fetched. */
export interface ChunkHistory {
  readonly repaired: ReadonlySet<number>;
  /** Bytes at the start of the file that were on disk before; another tool's partial is usually a prefix. */
  readonly rescuedBytes: number;
}

/** Reads the history of a file from its events. */
export function chunkHistory(events: readonly EngineEvent[], path: string): ChunkHistory {
  const repaired = new Set<number>();
  let rescuedBytes = 0;
  for (const event of events) {
    if (event.event === 'repaired' && event.path === path) repaired.add(event.chunk);
    if (event.event === 'rescued' && event.path === path && event.source !== 'ledger')
      rescuedBytes += event.bytes;
  }
  return { repaired, rescuedBytes };
}

/** Returns the chunk states of a content that is being worked on. */
export function liveStates(
  {
    table,
    activeClaims,
    proved,
  }: {
    readonly table: Pick<ChunkTable, 'chunks'>;
    readonly activeClaims: Iterable<Claim>;
    /** Parts that the Hub's hashes prove. */
    readonly proved: ByteRanges;
  },
  rescued: ReadonlySet<number>,
  history: ChunkHistory,
): ChunkState[] {
  const receiving = new Set([...activeClaims].map(({ chunk }) => chunk.index));
  return table.chunks.map((chunk) => {
    if (receiving.has(chunk.index)) return 'receiving';
    const state = stateOf(chunk);
    const isRescued = rescued.has(chunk.index) || chunk.range.end <= history.rescuedBytes;
    return withHistory(provedOr(state, isWhole(chunk), chunk.range, proved), chunk.index, isRescued, history);
  });
}

function stateOf(chunk: Chunk): ChunkState {
  if (chunk.received.length === 0) return 'waiting';
  return isWhole(chunk) && chunk.sha256 !== null && chunk.committed ? 'done' : 'received';
}

/** Returns the chunk states recorded in the ledger, for a content that nobody is working on. */
export function storedStates(
  { size, chunkBytes, count }: ChunkPlan,
  marks: readonly ChunkMark[],
  proved: ByteRanges,
  history: ChunkHistory,
): ChunkState[] {
  const states = Array.from<ChunkState>({ length: count }).fill('waiting');
  for (const { index, hashed, begun } of marks) {
    if (index >= count || !begun) continue; // A damaged ledger may contain anything.
    const isRescued = (index + 1) * chunkBytes <= history.rescuedBytes;
    const range = chunkRange({ size, chunkBytes, count }, index);
    const state = provedOr(hashed ? 'done' : 'received', hashed, range, proved);
    states[index] = withHistory(state, index, isRescued, history);
  }
  return states;
}

/** What the Hub itself vouches for says more than that a hash was recorded. */
function provedOr(state: ChunkState, isWhole: boolean, range: ByteRange, proved: ByteRanges): ChunkState {
  return isWhole && missingRanges(proved, range).length === 0 ? 'proved' : state;
}

function withHistory(
  state: ChunkState,
  index: number,
  isRescued: boolean,
  history: ChunkHistory,
): ChunkState {
  if (state === 'waiting') return state;
  if (history.repaired.has(index)) return 'repaired';
  return isRescued && state !== 'proved' ? 'rescued' : state;
}

/** Merges neighbors in the same state into runs. */
export function runsOf(states: readonly ChunkState[]): ChunkRun[] {
  const runs: Array<{ state: ChunkState; count: number }> = [];
  for (const state of states) {
    const last = runs.at(-1);
    if (last?.state === state) last.count += 1;
    else runs.push({ state, count: 1 });
  }
  return runs;
}
