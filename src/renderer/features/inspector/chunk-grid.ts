/** Layout of a chunk map's cells, in CSS pixels. */
export interface ChunkGrid {
  readonly columns: number;
  readonly rows: number;
  /** Width of a cell without its gap. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly gap: number;
  readonly height: number;
}

/**
 * Smallest cell that can be distinguished from its neighbors, and the most rows before cells stand for several chunks.
 */
const CELL = 8;
const MIN_CELL = 5;
const MAX_ROWS = 12;
const GAP = 2;

/**
 * Returns the layout for `chunks` in the available width: as few rows as they need, then smaller cells, then shared
 * cells.
 */
export function gridOf(chunks: number, width: number): ChunkGrid {
  const size = chunks > placesOf(CELL, width) ? MIN_CELL : CELL;
  const columns = Math.max(1, Math.min(chunks, columnsOf(size, width)));
  const rows = Math.max(1, Math.min(MAX_ROWS, Math.ceil(chunks / columns)));
  // The rest of the width is distributed to the cells, so that the map ends where its neighbors end.
  const isFull = chunks >= columnsOf(size, width);
  const cellWidth = isFull ? (width - GAP * (columns - 1)) / columns : size;
  return { columns, rows, cellWidth, cellHeight: size, gap: GAP, height: rows * (size + GAP) - GAP };
}

/** Returns the number of cells that fit into a map. */
export function placesIn(grid: ChunkGrid): number {
  return grid.columns * grid.rows;
}

function columnsOf(size: number, width: number): number {
  return Math.max(1, Math.floor((width + GAP) / (size + GAP)));
}

function placesOf(size: number, width: number): number {
  return columnsOf(size, width) * MAX_ROWS;
}
