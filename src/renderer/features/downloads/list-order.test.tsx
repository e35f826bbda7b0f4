// @vitest-environment jsdom
import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { listKeyOf } from '../../ui/list-keys.ts';
import { useStaged } from './use-staged.ts';
import { useWishedOrder } from './use-wished-order.ts';

const ids = ['a', 'b', 'c', 'd'];

describe('useWishedOrder', () => {
  it.each([
    ['a', 'c', ['b', 'c', 'a', 'd']],
    ['d', 'b', ['a', 'd', 'b', 'c']],
    ['a', 'd', ['b', 'c', 'd', 'a']],
  ])('shows %s at the place of %s at once', (id, over, order) => {
    const { result } = renderHook(() => useWishedOrder(ids));
    act(() => result.current.move(id, over));
    expect(result.current.order).toEqual(order);
  });

  it('believes the engine as soon as it tells of an order', () => {
    const { result, rerender } = renderHook(({ told }) => useWishedOrder(told), {
      initialProps: { told: ids },
    });
    act(() => result.current.move('a', 'c'));
    rerender({ told: ['d', 'c', 'b', 'a'] });
    expect(result.current.order).toEqual(['d', 'c', 'b', 'a']);
  });

  it('goes back when the engine did not do it', () => {
    const { result } = renderHook(() => useWishedOrder(ids));
    act(() => result.current.move('a', 'c'));
    act(() => result.current.forget());
    expect(result.current.order).toEqual(ids);
  });
});

describe('useStaged', () => {
  it('shows a short list at once', () => {
    const { result } = renderHook(() => useStaged(ids));
    expect(result.current).toBe(ids);
  });

  it('shows the beginning of a long list at once, and soon all of it', async () => {
    const many = Array.from({ length: 50 }, (_, at) => at);
    const { result } = renderHook(() => useStaged(many));
    expect(result.current.length).toBeLessThan(10);
    await waitFor(() => expect(result.current).toBe(many));
  });
});

describe('listKeyOf', () => {
  const press = (key: string, held = {}) =>
    listKeyOf({ key, altKey: false, metaKey: false, ctrlKey: false, shiftKey: false, ...held });

  it('walks with arrows and shows with Return', () => {
    expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'Enter'].map((key) => press(key))).toEqual([
      'next',
      'previous',
      'first',
      'last',
      'show',
    ]);
  });

  it('leaves other keys, and those with a modifier, to the window', () => {
    expect([press(' '), press('x'), press('constructor'), press('Enter', { metaKey: true })]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
