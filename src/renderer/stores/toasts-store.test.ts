import { describe, expect, it } from 'vitest';
import { createToastsStore } from './toasts-store.ts';

function toastsWithTimers() {
  const timers: Array<() => void> = [];
  const store = createToastsStore((run) => timers.push(run));
  const texts = () => store.getState().toasts.map(({ text }) => text);
  return { show: store.getState().show, texts, timers };
}

describe('notices', () => {
  it('of failures stay', () => {
    const { show, texts, timers } = toastsWithTimers();
    show({ tone: 'bad', text: 'It failed.' });
    expect(timers).toHaveLength(0);
    expect(texts()).toEqual(['It failed.']);
  });

  it('of good news go by themselves', () => {
    const { show, texts, timers } = toastsWithTimers();
    show({ tone: 'good', text: 'Saved.' });
    for (const run of timers) run();
    expect(texts()).toEqual([]);
  });

  it('are shown once when they are the same', () => {
    const { show, texts } = toastsWithTimers();
    for (const text of ['Offline.', 'Gone.', 'Offline.']) show({ tone: 'bad', text });
    expect(texts()).toEqual(['Gone.', 'Offline.']);
  });

  it('are never more than four', () => {
    const { show, texts } = toastsWithTimers();
    for (const text of ['1', '2', '3', '4', '5']) show({ tone: 'bad', text });
    expect(texts()).toEqual(['2', '3', '4', '5']);
  });

  it('go when what they were about is over', () => {
    const store = createToastsStore();
    store.getState().show({ tone: 'bad', text: 'It stopped.', about: 'd1' });
    store.getState().show({ tone: 'bad', text: 'Another stopped.', about: 'd2' });
    store.getState().settle('d1');
    expect(store.getState().toasts.map(({ about }) => about)).toEqual(['d2']);
  });
});
