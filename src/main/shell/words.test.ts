import { expect, it } from 'vitest';
import { shellWords } from './words.ts';

it.each([
  [1, 0, 'A download isn’t finished.'],
  [3, 0, '3 downloads aren’t finished.'],
  [0, 1, 'A model that is being made isn’t finished.'],
  [0, 2, '2 models that are being made aren’t finished.'],
  [2, 1, '2 downloads and a model that is being made aren’t finished.'],
])('says what is not finished: %d downloads, %d builds', (downloads, builds, text) => {
  expect(shellWords.quitMessage({ downloads, builds })).toBe(text);
});
