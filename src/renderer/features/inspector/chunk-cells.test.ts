import { describe, expect, it } from 'vitest';
import type { ChunkRun } from '../../../shared/model/inspection.ts';
import { countChunks } from '../download/count-chunks.ts';
import { cellsOf } from './chunk-cells.ts';
import { gridOf, placesIn } from './chunk-grid.ts';

const run = (state: ChunkRun['state'], count: number): ChunkRun => ({ state, count });

describe('cellsOf', () => {
  it('has one cell for each chunk while there is room', () => {
    const cells = cellsOf([run('done', 2), run('receiving', 1)], 10);
    expect(cells).toEqual([
      [{ state: 'done', share: 1 }],
      [{ state: 'done', share: 1 }],
      [{ state: 'receiving', share: 1 }],
    ]);
  });

  it('shares cells among neighbours when there are more chunks than places', () => {
    const cells = cellsOf([run('done', 3), run('waiting', 5)], 4);
    expect(cells.map((cell) => cell.map((part) => `${part.state} ${part.share}`))).toEqual([
      ['done 1'],
      ['done 0.5', 'waiting 0.5'],
      ['waiting 1'],
      ['waiting 1'],
    ]);
  });

  it('never has more cells than places, and stands for every chunk, with 20,000 of them', () => {
    const runs = Array.from({ length: 200 }, (_, at) => run(at % 2 === 0 ? 'done' : 'waiting', 100));
    const cells = cellsOf(runs, 300);
    expect(cells.length).toBeLessThanOrEqual(300);
    const perCell = Math.ceil(20_000 / 300);
    const done = cells.flat().filter((part) => part.state === 'done');
    const chunks = done.reduce((sum, part) => sum + part.share * perCell, 0);
    expect(Math.abs(chunks - 10_000)).toBeLessThan(perCell);
  });

  it('keeps a single receiving chunk in sight in a shared cell', () => {
    const cells = cellsOf([run('done', 500), run('receiving', 1), run('waiting', 499)], 10);
    expect(cells.some((cell) => cell.some((part) => part.state === 'receiving'))).toBe(true);
  });

  it('has a cell for what is left when the chunks do not fill the last one', () => {
    const cells = cellsOf([run('done', 7)], 4);
    expect(cells).toHaveLength(4);
    expect(cells.at(-1)).toEqual([{ state: 'done', share: 1 }]);
  });

  it('is empty without chunks', () => {
    expect(cellsOf([], 10)).toEqual([]);
    expect(cellsOf([run('done', 0)], 10)).toEqual([]);
  });
});

describe('countChunks', () => {
  it('counts each state over all runs', () => {
    expect(countChunks([run('done', 2), run('waiting', 3), run('done', 4)])).toMatchObject({
      done: 6,
      waiting: 3,
      repaired: 0,
    });
  });
});

describe('gridOf', () => {
  it.each([1, 20, 294, 600, 20_000])('fits %d chunks into the width', (chunks) => {
    const grid = gridOf(chunks, 288);
    expect(grid.columns * grid.cellWidth + (grid.columns - 1) * grid.gap).toBeLessThanOrEqual(288.001);
    expect(grid.height).toBeLessThanOrEqual(120);
  });

  it('gives every chunk of Moshi a place of its own', () => {
    expect(placesIn(gridOf(294, 288))).toBeGreaterThanOrEqual(294);
  });
});
