import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, padEnd, padStart, truncateEnd, truncateMiddle } from './display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['model.safetensors', 17],
    ['模型', 4],
    ['e\u0301', 1],
    ['👩‍💻', 2],
    ['█▓░…·', 5],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('truncateMiddle', () => {
  it('keeps both ends of a file name', () => {
    expect(truncateMiddle('model-00001-of-00003.safetensors', 13)).toBe('model-…ensors');
  });

  it('leaves a text that fits alone', () => {
    expect(truncateMiddle('config.json', 11)).toBe('config.json');
  });

  it('never takes more columns than it is given, for any text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 30 }), (value, columns) => {
        expect(displayWidth(truncateMiddle(value, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(truncateEnd(value, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('truncateEnd', () => {
  it('does not cut a wide character in two', () => {
    expect(truncateEnd('模型模型', 4)).toBe('模…');
  });
});

describe('padding', () => {
  it('counts columns and not characters', () => {
    expect(padEnd('模', 4)).toBe('模  ');
    expect(padStart('模', 4)).toBe('  模');
  });
});
