import { describe, expect, it } from 'vitest';
import { choose, chooseAll, keepShown, NOTHING_SELECTED, type Selection } from './selection.ts';

const order = ['a', 'b', 'c', 'd'];
const keysOf = ({ keys }: Selection) => [...keys].sort().join('');
const one = (key: string) => choose(NOTHING_SELECTED, key, 'one', order);

describe('a selection of rows', () => {
  it('is one row after a plain click', () => {
    expect(keysOf(choose(chooseAll(NOTHING_SELECTED, order), 'c', 'one', order))).toBe('c');
  });

  it('grows and shrinks by ⌘', () => {
    const two = choose(one('a'), 'c', 'toggle', order);
    expect(keysOf(two)).toBe('ac');
    expect(keysOf(choose(two, 'a', 'toggle', order))).toBe('c');
  });

  it('reaches from the anchor by Shift, up and down, and back', () => {
    const down = choose(one('b'), 'd', 'range', order);
    expect(keysOf(down)).toBe('bcd');
    const up = choose(down, 'a', 'range', order);
    expect(keysOf(up)).toBe('ab');
    expect(up.current).toBe('a');
  });

  it('begins at the row itself where there is no anchor', () => {
    expect(keysOf(choose(NOTHING_SELECTED, 'c', 'range', order))).toBe('c');
  });

  it('loses what is not shown any more, and otherwise stays the same object', () => {
    const all = chooseAll(one('b'), order);
    expect(keepShown(all, order)).toBe(all);
    expect(keepShown(all, ['a', 'c'])).toMatchObject({ anchor: 'a', current: null });
    expect(keysOf(keepShown(all, ['a', 'c']))).toBe('ac');
  });
});
