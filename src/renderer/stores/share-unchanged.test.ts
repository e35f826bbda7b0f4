import { describe, expect, it } from 'vitest';
import { createListSharer, shareUnchanged } from './share-unchanged.ts';

describe('shareUnchanged', () => {
  it('gives the old value when the new one is equal', () => {
    const before = { a: [1, { b: 'x' }], c: null };
    expect(shareUnchanged(before, structuredClone(before))).toBe(before);
  });

  it('keeps the parts that did not change', () => {
    const before = { changed: { n: 1 }, same: { n: 1 } };
    const after = shareUnchanged(before, { changed: { n: 2 }, same: { n: 1 } });
    expect(after).toEqual({ changed: { n: 2 }, same: { n: 1 } });
    expect(after.same).toBe(before.same);
  });

  it.each([
    [[1, 2], [1]],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, null],
    [[1], { 0: 1 }],
  ])('does not take %j for %j', (before, after) => {
    expect(shareUnchanged<unknown>(before, after)).toEqual(after);
  });
});

describe('a list sharer', () => {
  const list = (...numbers: readonly number[]) => numbers.map((n, index) => ({ id: `${index}`, n }));

  it('keeps the items that did not change, and the list when none did', () => {
    const share = createListSharer<{ id: string; n: number }>();
    const before = share(list(1, 2));
    const after = share(list(1, 3));
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toEqual({ id: '1', n: 3 });
    expect(share(list(1, 3))).toBe(after);
  });

  it('finds an item again at another position', () => {
    const share = createListSharer<{ id: string; n: number }>();
    const [first, second] = share(list(1, 2));
    expect(share(list(1, 2).reverse())).toEqual([second, first]);
    expect(share(list(1, 2).reverse())[0]).toBe(second);
  });
});
