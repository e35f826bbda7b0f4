import { describe, expect, it } from 'vitest';
import { barPieces } from './bar.ts';
import { paint, wantsColor } from './paint.ts';

const bar = (verified: number, received: number, total: number, complete = false) =>
  paint(barPieces({ verified, received, total, complete }, 10), false);

describe('barPieces', () => {
  it.each([
    [0, 0, 100, '░░░░░░░░░░'],
    [20, 50, 100, '██▓▓▓░░░░░'],
    [99, 100, 100, '█████████▓'],
    [100, 100, 100, '█████████▓'],
    [60, 50, 100, '██████░░░░'],
    [500, 900, 100, '█████████▓'],
    [0, 0, 0, '░░░░░░░░░░'],
  ])('of %i verified and %i received of %i is %s', (verified, received, total, text) => {
    expect(bar(verified, received, total)).toBe(text);
  });

  it('is full only when the file is complete', () => {
    expect(bar(100, 100, 100, true)).toBe('██████████');
    expect(bar(0, 0, 0, true)).toBe('██████████');
  });
});

describe('wantsColor', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal (%s) with %j is %s', (terminal, env, wanted) => {
    expect(wantsColor(terminal, env)).toBe(wanted);
  });
});
