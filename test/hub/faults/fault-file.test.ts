import { describe, expect, it } from 'vitest';
import { parseFaults } from './fault-file.ts';

describe('fault file', () => {
  it('gives the faults that it lists', () => {
    const text = JSON.stringify([
      { match: { origin: 'cdn', pathPattern: '^/repos' }, times: 'forever', cutAfterBytes: { bytes: 10 } },
      { answer: { status: 503 } },
    ]);
    expect(parseFaults(text, 'f.json')).toEqual([
      {
        match: { origin: 'cdn', path: /^\/repos/ },
        times: Number.POSITIVE_INFINITY,
        cutAfterBytes: { bytes: 10 },
      },
      { answer: { status: 503 } },
    ]);
  });

  it.each([
    ['nonsense', 'The fault file f.json is not JSON.'],
    ['[{"cutAfter": 1}]', /^The fault file f\.json is wrong at 0: .*cutAfter/],
    ['[{"dribble": -1}]', /^The fault file f\.json is wrong at 0\.dribble: /],
  ])('that holds %s is refused with a sentence', (text, message) => {
    expect(() => parseFaults(text, 'f.json')).toThrow(message);
  });
});
