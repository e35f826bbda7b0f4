import { expect, it } from 'vitest';
import { formatCount } from './count.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1K'],
  [1590, '1.5K'],
  [319_999, '319K'],
  [4_100_000, '4.1M'],
  [999_999_999, '999M'],
  [1_235_814_400, '1.2B'],
])('%d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});
