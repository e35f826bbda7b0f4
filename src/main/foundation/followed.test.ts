import { describe, expect, it, vi } from 'vitest';
import { createFeed, createSource } from './followed.ts';

describe('createSource', () => {
  it('passes the new value to the followers, until they stop', () => {
    const source = createSource(1, vi.fn());
    const seen: number[] = [];
    const stop = source.onChange((value) => seen.push(value));
    source.set(2);
    stop();
    source.set(3);
    expect(seen).toEqual([2]);
    expect(source.current()).toBe(3);
  });
});

describe('createFeed', () => {
  it('notifies the others when one listener throws', () => {
    const onError = vi.fn();
    const feed = createFeed<string>(onError);
    const second = vi.fn();
    feed.on(() => {
      throw new Error('broken');
    });
    feed.on(second);
    feed.emit('news');
    expect(second).toHaveBeenCalledWith('news');
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('lets a listener leave while it is being notified', () => {
    const feed = createFeed<void>(vi.fn());
    const after = vi.fn();
    const stop = feed.on(() => stop());
    feed.on(after);
    feed.emit();
    feed.emit();
    expect(after).toHaveBeenCalledTimes(2);
  });
});
