import { describe, expect, it } from 'vitest';
import type { DownloadView } from '../model/download.ts';
import { totalsOf } from './totals.ts';

const view = (over: Partial<DownloadView>) =>
  ({
    state: 'downloading',
    receivedBytes: 0,
    totalBytes: 0,
    bytesPerSecond: 0,
    etaSeconds: null,
    wait: null,
    ...over,
  }) as DownloadView;

describe('totalsOf', () => {
  it('has the rest over the speed as time left', () => {
    const only = view({ receivedBytes: 400, totalBytes: 1000, bytesPerSecond: 20, etaSeconds: 30 });
    expect(totalsOf([only])).toMatchObject({ bytesPerSecond: 20, etaSeconds: 30 });
  });

  it('has no time left while the engine knows none', () => {
    const fresh = view({ totalBytes: 1000, bytesPerSecond: 20, etaSeconds: null });
    expect(totalsOf([fresh])).toMatchObject({ bytesPerSecond: 20, etaSeconds: null });
  });

  it('counts bytes once when two downloads bring the same file', () => {
    const first = view({ totalBytes: 900, bytesPerSecond: 90, etaSeconds: 10 });
    const second = view({ state: 'waiting', totalBytes: 900, wait: { reason: 'same-file', download: 'a' } });
    expect(totalsOf([first, second])).toMatchObject({ active: 2, totalBytes: 900, etaSeconds: 10 });
  });

  it('adds the speeds of several downloads, and what each of them has still to bring', () => {
    const fast = view({ totalBytes: 900, bytesPerSecond: 90, etaSeconds: 10 });
    const slow = view({ totalBytes: 100, bytesPerSecond: 10, etaSeconds: 10 });
    const waiting = view({ state: 'waiting', totalBytes: 500 });
    expect(totalsOf([fast, slow, waiting])).toMatchObject({ active: 3, moving: 2, bytesPerSecond: 100 });
    expect(totalsOf([fast, slow, waiting]).etaSeconds).toBe(15);
  });

  it('leaves out what is paused, has failed or is ready', () => {
    const moving = view({ totalBytes: 100, bytesPerSecond: 10, etaSeconds: 10 });
    const others = (['paused', 'failed', 'ready'] as const).map((state) => view({ state, totalBytes: 1000 }));
    expect(totalsOf([moving, ...others])).toMatchObject({
      active: 1,
      paused: 1,
      totalBytes: 100,
      etaSeconds: 10,
    });
  });

  it('has no time left while nothing moves, or while a size is unknown', () => {
    const moving = view({ totalBytes: 100, bytesPerSecond: 10, etaSeconds: 10 });
    expect(totalsOf([]).etaSeconds).toBeNull();
    expect(totalsOf([view({ totalBytes: 100 })]).etaSeconds).toBeNull();
    expect(totalsOf([moving, view({ state: 'resolving' })]).etaSeconds).toBeNull();
  });
});
