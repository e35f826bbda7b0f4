import { describe, expect, it } from 'vitest';
import { hasWords } from './has-words.ts';

describe('hasWords', () => {
  it.each([
    ['', true],
    ['  ', true],
    ['moshi', true],
    ['BF16 moshi', true],
    ['mlx kyutai bf', true],
    ['moshi q8', false],
  ])('“%s” in the name of a model: %s', (search, expected) => {
    expect(hasWords('Moshi BF16 kyutai/moshiko-mlx-bf16', search)).toBe(expected);
  });
});
