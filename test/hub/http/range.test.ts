import { describe, expect, it } from 'vitest';
import { resolveRange } from './range.ts';

const part = (start: number, end: number) => ({ kind: 'part', range: { start, end } });

describe('range header', () => {
  it.each([
    ['bytes=0-0', part(0, 0)],
    ['bytes=10-', part(10, 99)],
    ['bytes=10-500', part(10, 99)],
    ['bytes=-5', part(95, 99)],
    ['bytes=-500', part(0, 99)],
    ['bytes=100-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=9-3', { kind: 'whole' }],
    ['bytes=0-1,5-6', { kind: 'whole' }],
    ['lines=0-1', { kind: 'whole' }],
    [undefined, { kind: 'whole' }],
  ])('%s of 100 bytes', (header, expected) => {
    expect(resolveRange(header, 100)).toEqual(expected);
  });

  it('is never satisfiable for an empty file', () => {
    expect(resolveRange('bytes=0-0', 0)).toEqual({ kind: 'unsatisfiable' });
  });
});
