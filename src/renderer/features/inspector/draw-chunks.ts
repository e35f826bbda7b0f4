import type { ChunkState } from '../../../shared/model/inspection.ts';
import type { Cell } from './chunk-cells.ts';
import type { ChunkGrid } from './chunk-grid.ts';

/** A color for each state, and the background color, for the marks that distinguish states without color. */
export type ChunkColours = Readonly<Record<ChunkState | 'ground', string>>;

/** Draws the cells in CSS pixels; the context is scaled to the pixels of the screen by the caller. */
export function drawChunks(
  context: CanvasRenderingContext2D,
  cells: readonly Cell[],
  grid: ChunkGrid,
  colours: ChunkColours,
): void {
  cells.forEach((cell, index) => {
    const x = (index % grid.columns) * (grid.cellWidth + grid.gap);
    const y = Math.floor(index / grid.columns) * (grid.cellHeight + grid.gap);
    let bottom = y + grid.cellHeight;
    for (const { state, share } of cell) {
      const height = grid.cellHeight * share;
      bottom -= height;
      context.fillStyle = colours[state];
      context.fillRect(x, bottom, grid.cellWidth, height);
      if (share === 1)
        mark(context, state, { x, y, width: grid.cellWidth, height: grid.cellHeight }, colours);
    }
  });
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A hole for what is on its way, a dot for what was rescued, a slit for what was repaired, an upright one for what is proved. */
function mark(context: CanvasRenderingContext2D, state: ChunkState, box: Box, colours: ChunkColours): void {
  const { x, y, width, height } = box;
  context.fillStyle = colours.ground;
  if (state === 'receiving') context.fillRect(x + 1.5, y + 1.5, width - 3, height - 3);
  if (state === 'proved') context.fillRect(x + width / 2 - 0.75, y, 1.5, height);
  if (state === 'rescued') context.fillRect(x + width / 2 - 1, y + height / 2 - 1, 2, 2);
  if (state === 'repaired') context.fillRect(x, y + height / 2 - 0.75, width, 1.5);
}
