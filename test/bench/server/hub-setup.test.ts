import { expect, it } from 'vitest';
import { crowdedRate } from './hub-setup.ts';

const LINE = { bytesPerSecond: 1000, transfers: 10, lossEach: 0.02 };

it('carries the full rate until there are too many transfers', () => {
  expect(crowdedRate(LINE, 1)).toBe(1000);
  expect(crowdedRate(LINE, 10)).toBe(1000);
});

it('loses with each transfer beyond that, but never everything', () => {
  expect(crowdedRate(LINE, 30)).toBe(600);
  expect(crowdedRate(LINE, 1000)).toBe(100);
});
