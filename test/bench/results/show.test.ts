import { expect, it } from 'vitest';
import { showMegabytes, showRatio, showSeconds, showShare, showSize } from './show.ts';

it('shows seconds with the digits that matter', () => {
  expect([0.0123, 3.456, 123.4].map(showSeconds)).toEqual(['0.012', '3.46', '123']);
});

it('shows a dash where nothing was measured', () => {
  expect([showSeconds(null), showMegabytes(null), showRatio(null), showShare(null, 1)]).toEqual([
    '-',
    '-',
    '-',
    '-',
  ]);
});

it('shows shares, factors and megabytes', () => {
  expect(showShare(5, 1000)).toBe('0.50 %');
  expect(showRatio(2.499)).toBe('2.50x');
  expect(showMegabytes(123_456_789)).toBe('123');
});

it('shows sizes in the unit that fits', () => {
  expect([2 ** 31, 50 * 2 ** 20, 12].map(showSize)).toEqual(['2 GiB', '50 MiB', '12 bytes']);
});
