import { expect, it } from 'vitest';
import { tokenSource } from './token-source.ts';

it.each([
  ['keychain', 'the keychain'],
  ['memory', 'Settings'],
  ['environment', 'the environment'],
  [null, null],
] as const)('a token kept in %s is said to come from %s', (kept, words) => {
  expect(tokenSource({ kept })).toBe(words);
});
