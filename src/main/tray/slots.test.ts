import { describe, expect, it } from 'vitest';
import { assignSlots, SLOT_COUNT } from './slots.ts';

const filled = (...ids: Array<string | null>) => Array.from({ length: SLOT_COUNT }, (_, i) => ids[i] ?? null);

describe('assignSlots', () => {
  it('follows the queue while the menu is closed', () => {
    expect(assignSlots(filled('a', 'b'), ['b', 'c'], false)).toEqual(filled('b', 'c'));
  });

  it('moves nobody while the menu is open', () => {
    expect(assignSlots(filled('a', 'b', 'c'), ['c', 'b'], true)).toEqual(filled('a', 'b', 'c'));
  });

  it('puts a new download into a free place of the open menu', () => {
    expect(assignSlots(filled('a', 'b'), ['new', 'b'], true)).toEqual(filled('a', 'b', 'new'));
  });

  it('never has more slots than the menu', () => {
    const many = Array.from({ length: SLOT_COUNT + 5 }, (_, index) => `d${index}`);
    expect(assignSlots([], many, false)).toHaveLength(SLOT_COUNT);
    expect(assignSlots(many.slice(0, SLOT_COUNT), many, true)).toHaveLength(SLOT_COUNT);
  });
});
