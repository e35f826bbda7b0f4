import { describe, expect, it } from 'vitest';
import type { DownloadView } from '../../shared/model/download.ts';
import { sampleBuild, sampleDownload } from '../tray/sample-downloads.ts';
import { dockItems, dockProgress, nextBatch } from './progress.ts';

const half = sampleDownload({ id: 'a', receivedBytes: 50, totalBytes: 100 });
const fresh = sampleDownload({ id: 'b', receivedBytes: 0, totalBytes: 100 });
const items = (downloads: readonly DownloadView[]) => dockItems(downloads, []);
const none = new Set<string>();

describe('dockProgress', () => {
  it('takes all active downloads together', () => {
    const batch = nextBatch(none, items([half, fresh]));
    expect(dockProgress(batch, items([half, fresh]))).toEqual({ share: 0.25, mode: 'normal', badge: 2 });
  });

  it('does not fall back when one of several is ready', () => {
    const first = nextBatch(none, items([half, fresh]));
    const after = [sampleDownload({ id: 'a', state: 'ready', receivedBytes: 100, totalBytes: 100 }), fresh];
    expect(dockProgress(nextBatch(first, items(after)), items(after))).toMatchObject({
      share: 0.5,
      badge: 1,
    });
  });

  it('starts over once everything has ended', () => {
    const ready = sampleDownload({ id: 'a', state: 'ready', totalBytes: 100 });
    const idle = nextBatch(new Set(['a']), items([ready]));
    expect(dockProgress(idle, items([ready]))).toMatchObject({ share: -1, badge: 0 });
    expect(dockProgress(nextBatch(idle, items([ready, fresh])), items([ready, fresh])).share).toBe(0);
  });

  it('is not full while the last bytes are being checked', () => {
    const verifying = sampleDownload({ state: 'verifying', receivedBytes: 100, totalBytes: 100 });
    expect(dockProgress(nextBatch(none, items([verifying])), items([verifying])).share).toBe(0.99);
  });

  it('shows no bar while no size is known', () => {
    const resolving = sampleDownload({ state: 'resolving', receivedBytes: 0, totalBytes: 0 });
    expect(dockProgress(nextBatch(none, items([resolving])), items([resolving]))).toMatchObject({
      share: -1,
      badge: 1,
    });
  });

  it('shows as paused when all that is active waits', () => {
    const waiting = sampleDownload({ id: 'a', state: 'waiting' });
    const batch = nextBatch(none, items([waiting, fresh]));
    expect(dockProgress(batch, items([waiting])).mode).toBe('paused');
    expect(dockProgress(batch, items([waiting, fresh])).mode).toBe('normal');
  });

  it('keeps a paused download of the batch in the bar until all are paused', () => {
    const paused = sampleDownload({ id: 'a', state: 'paused', receivedBytes: 50, totalBytes: 100 });
    const batch = nextBatch(new Set(['a', 'b']), items([paused, fresh]));
    expect(dockProgress(batch, items([paused, fresh])).share).toBe(0.25);
    expect(nextBatch(batch, items([paused])).size).toBe(0);
  });

  it('counts a build by what was read, and is not full before that is verified', () => {
    const making = dockItems([half], [sampleBuild()]);
    expect(dockProgress(nextBatch(none, making), making)).toMatchObject({ badge: 2, mode: 'normal' });
    const alone = dockItems([], [sampleBuild()]);
    expect(dockProgress(nextBatch(none, alone), alone)).toEqual({ share: 0.4, mode: 'normal', badge: 1 });
    const whole = { sourceBytesDone: 16_000_000_000, hashedBytes: 4_000_000_000 };
    const verifying = dockItems([], [sampleBuild({ state: 'verifying', ...whole })]);
    expect(dockProgress(nextBatch(none, verifying), verifying).share).toBe(0.99);
    expect(nextBatch(none, dockItems([], [sampleBuild({ state: 'ready' })])).size).toBe(0);
  });
});
