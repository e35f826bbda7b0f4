import { describe, expect, it } from 'vitest';
import { isTooLarge } from './argument-size.ts';

describe('isTooLarge', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an ordinary argument', { id: 'a', include: ['*.json'], from: { a: 'b' } }],
    ['the longest text for the clipboard', { text: 'x'.repeat(1_000_000) }],
  ])('lets %s through', (_what, value) => {
    expect(isTooLarge(value)).toBe(false);
  });

  it('refuses long text, wherever it is', () => {
    expect(isTooLarge({ a: [{ b: 'x'.repeat(2_000_001) }] })).toBe(true);
    expect(isTooLarge({ ['k'.repeat(2_000_001)]: 1 })).toBe(true);
  });

  it('refuses many values', () => {
    expect(isTooLarge(new Array(100_000).fill(0))).toBe(true);
  });

  it('refuses large buffers', () => {
    expect(isTooLarge({ bytes: new Uint8Array(3_000_000) })).toBe(true);
  });

  it('comes to an end with a value that holds itself', () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(isTooLarge(loop)).toBe(true);
  });
});
