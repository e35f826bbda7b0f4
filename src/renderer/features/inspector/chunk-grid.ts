/** Where the cells of a chunk map go, in CSS pixels. */
export interface ChunkGrid {
  readonly columns: number;
  readonly rows: number;
  /** Width of a cell without its gap. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly gap: number;
  readonly height: number;
}

/** Smallest cell that can be told from its neighbours, and the most rows before cells stand for several chunks. */
const CELL = 8;
const MIN_CELL = 5;
const MAX_ROWS = 12;
const GAP = 2;

/** A map for `chunks` in the width that there is: as few rows as they need, then smaller cells, then shared cells. */
export function gridOf(chunks: number, width: number): ChunkGrid {
  const size = chunks > placesOf(CELL, width) ? MIN_CELL : CELL;
  const columns = Math.max(1, Math.min(chunks, columnsOf(size, width)));
  const rows = Math.max(1, Math.min(MAX_ROWS, Math.ceil(chunks / columns)));
  // What is left of the width is given to the cells, so that the map ends where its neighbours end.
  const isFull = chunks >= columnsOf(size, width);
  const cellWidth = isFull ? (width - GAP * (columns - 1)) / columns : size;
  return { columns, rows, cellWidth, cellHeight: size, gap: GAP, height: rows * (size + GAP) - GAP };
}

/** Cells that a map has room for. */
export function placesIn(grid: ChunkGrid): number {
  return grid.columns * grid.rows;
}

function columnsOf(size: number, width: number): number {
  return Math.max(1, Math.floor((width + GAP) / (size + GAP)));
}

function placesOf(size: number, width: number): number {
  return columnsOf(size, width) * MAX_ROWS;
}
