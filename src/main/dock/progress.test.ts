import { describe, expect, it } from 'vitest';
import { sampleDownload } from '../tray/sample-downloads.ts';
import { dockProgress, nextBatch } from './progress.ts';

const half = sampleDownload({ id: 'a', receivedBytes: 50, totalBytes: 100 });
const fresh = sampleDownload({ id: 'b', receivedBytes: 0, totalBytes: 100 });
const none = new Set<string>();

describe('dockProgress', () => {
  it('takes all active downloads together', () => {
    const batch = nextBatch(none, [half, fresh]);
    expect(dockProgress(batch, [half, fresh])).toEqual({ share: 0.25, mode: 'normal', badge: 2 });
  });

  it('does not fall back when one of several is ready', () => {
    const first = nextBatch(none, [half, fresh]);
    const after = [sampleDownload({ id: 'a', state: 'ready', receivedBytes: 100, totalBytes: 100 }), fresh];
    expect(dockProgress(nextBatch(first, after), after)).toMatchObject({ share: 0.5, badge: 1 });
  });

  it('begins anew once everything came to an end', () => {
    const ready = sampleDownload({ id: 'a', state: 'ready', totalBytes: 100 });
    const idle = nextBatch(new Set(['a']), [ready]);
    expect(dockProgress(idle, [ready])).toMatchObject({ share: -1, badge: 0 });
    expect(dockProgress(nextBatch(idle, [ready, fresh]), [ready, fresh]).share).toBe(0);
  });

  it('is not full while the last bytes are being checked', () => {
    const verifying = sampleDownload({ state: 'verifying', receivedBytes: 100, totalBytes: 100 });
    expect(dockProgress(nextBatch(none, [verifying]), [verifying]).share).toBe(0.99);
  });

  it('shows no bar while no size is known', () => {
    const resolving = sampleDownload({ state: 'resolving', receivedBytes: 0, totalBytes: 0 });
    expect(dockProgress(nextBatch(none, [resolving]), [resolving])).toMatchObject({ share: -1, badge: 1 });
  });

  it('shows as paused when all that is active waits', () => {
    const waiting = sampleDownload({ id: 'a', state: 'waiting' });
    const batch = nextBatch(none, [waiting, fresh]);
    expect(dockProgress(batch, [waiting]).mode).toBe('paused');
    expect(dockProgress(batch, [waiting, fresh]).mode).toBe('normal');
  });

  it('keeps a paused download of the batch in the bar until all are paused', () => {
    const paused = sampleDownload({ id: 'a', state: 'paused', receivedBytes: 50, totalBytes: 100 });
    const batch = nextBatch(new Set(['a', 'b']), [paused, fresh]);
    expect(dockProgress(batch, [paused, fresh]).share).toBe(0.25);
    expect(nextBatch(batch, [paused]).size).toBe(0);
  });
});
