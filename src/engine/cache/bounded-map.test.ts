import { describe, expect, it } from 'vitest';
import { boundedMap } from './bounded-map.ts';

describe('boundedMap', () => {
  it('keeps the order of the items and never exceeds the limit', async () => {
    let active = 0;
    let most = 0;
    const results = await boundedMap([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active--;
      return item * 2;
    });
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(most).toBe(3);
  });

  it('starts nothing more after a failure', async () => {
    const seen: number[] = [];
    const work = async (item: number) => {
      seen.push(item);
      await new Promise((resolve) => setImmediate(resolve));
      if (item === 1) throw new Error('broken');
    };
    await expect(boundedMap([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('broken');
    expect(seen.length).toBeLessThan(5);
  });
});
