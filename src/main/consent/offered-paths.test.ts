import { expect, it } from 'vitest';
import { createOfferedPaths } from './offered-paths.ts';

it('knows what was offered, and nothing else', () => {
  const paths = createOfferedPaths();
  paths.offer('/a');
  expect([paths.has('/a'), paths.has('/b'), paths.has('')]).toEqual([true, false, false]);
});

it('gives a path once for each offer', () => {
  const paths = createOfferedPaths();
  paths.offer('/a');
  expect([paths.take('/a'), paths.take('/a')]).toEqual([true, false]);
});

it('forgets the oldest instead of growing forever', () => {
  const paths = createOfferedPaths();
  for (let n = 0; n < 1000; n += 1) paths.offer(`/${n}`);
  expect([paths.has('/0'), paths.has('/999')]).toEqual([false, true]);
});
