import { expect, it } from 'vitest';
import { runOrder } from './run-order.ts';

it('lets everybody run once a round, with another first each time', () => {
  expect(runOrder(['a', 'b', 'c'], 4).map((round) => round.join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
});

it('of nobody is empty', () => {
  expect(runOrder([], 2)).toEqual([[], []]);
});
