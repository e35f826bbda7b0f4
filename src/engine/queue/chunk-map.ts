import type { EngineEvent } from '../../shared/contract/events.ts';
import type { ChunkRun, ChunkState } from '../../shared/model/inspection.ts';
import type { ChunkMark } from '../ledger/chunks.ts';
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
  }: { readonly table: Pick<ChunkTable, 'chunks'>; readonly activeClaims: Iterable<Claim> },
  rescued: ReadonlySet<number>,
  history: ChunkHistory,
): ChunkState[] {
  const receiving = new Set([...activeClaims].map(({ chunk }) => chunk.index));
  return table.chunks.map((chunk) => {
    if (receiving.has(chunk.index)) return 'receiving';
    const state = stateOf(chunk);
    const isRescued = rescued.has(chunk.index) || chunk.range.end <= history.rescuedBytes;
    return withHistory(state, chunk.index, isRescued, history);
  });
}

function stateOf(chunk: Chunk): ChunkState {
  if (chunk.received.length === 0) return 'waiting';
  return isWhole(chunk) && chunk.sha256 !== null && chunk.committed ? 'done' : 'received';
}

/** Returns the chunk states recorded in the ledger, for a content that nobody is working on. */
export function storedStates(
  count: number,
  chunkBytes: number,
  marks: readonly ChunkMark[],
  history: ChunkHistory,
): ChunkState[] {
  const states = Array.from<ChunkState>({ length: count }).fill('waiting');
  for (const { index, hashed, begun } of marks) {
    if (index >= count || !begun) continue; // A damaged ledger may contain anything.
    const isRescued = (index + 1) * chunkBytes <= history.rescuedBytes;
    states[index] = withHistory(hashed ? 'done' : 'received', index, isRescued, history);
  }
  return states;
}

function withHistory(
  state: ChunkState,
  index: number,
  isRescued: boolean,
  history: ChunkHistory,
): ChunkState {
  if (state === 'waiting') return state;
  if (history.repaired.has(index)) return 'repaired';
  return isRescued ? 'rescued' : state;
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
