import { CHUNK_STATES, type ChunkRun, type ChunkState } from '../../../shared/model/inspection.ts';

/** Chunks of each state, in all. */
export type ChunkCounts = Readonly<Record<ChunkState, number>>;

export function countChunks(runs: readonly ChunkRun[]): ChunkCounts {
  const counts = Object.fromEntries(CHUNK_STATES.map((state) => [state, 0])) as Record<ChunkState, number>;
  for (const { state, count } of runs) counts[state] += count;
  return counts;
}
