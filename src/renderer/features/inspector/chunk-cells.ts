import type { ChunkRun, ChunkState } from '../../../shared/model/inspection.ts';

/** One part of a cell: a state and its share of the cell's chunks, from 0 to 1. */
export interface CellPart {
  readonly state: ChunkState;
  readonly share: number;
}

/** One position in the map: one chunk, or several when there are more chunks than positions. */
export type Cell = readonly CellPart[];

/** In a cell of several chunks, the order in which their parts are stacked: what is complete at the bottom. */
const STACK: readonly ChunkState[] = [
  'proved',
  'done',
  'rescued',
  'repaired',
  'received',
  'receiving',
  'waiting',
];

/**
 * Returns the cells of a map: at most `places`, each for an equal number of chunks in file order (the last may have
 * fewer). The cost depends on the number of runs and of cells, not of chunks.
 */
export function cellsOf(runs: readonly ChunkRun[], places: number): readonly Cell[] {
  const total = runs.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || places < 1) return [];
  const perCell = Math.ceil(total / places);
  const cells: Cell[] = [];
  let room = perCell;
  let parts = new Map<ChunkState, number>();
  const close = () => {
    cells.push(cellOf(parts, perCell - room));
    parts = new Map();
    room = perCell;
  };
  for (const { state, count } of runs) {
    for (let left = count; left > 0; ) {
      const taken = Math.min(left, room);
      parts.set(state, (parts.get(state) ?? 0) + taken);
      left -= taken;
      room -= taken;
      if (room === 0) close();
    }
  }
  if (parts.size > 0) close();
  return cells;
}

function cellOf(parts: ReadonlyMap<ChunkState, number>, chunks: number): Cell {
  return STACK.flatMap((state) => {
    const count = parts.get(state);
    return count === undefined ? [] : [{ state, share: count / chunks }];
  });
}
