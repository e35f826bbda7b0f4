import { describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../shared/contract/events.ts';
import { createFakeBridge, failure, succeed } from '../testing/fake-bridge.ts';
import { sampleDownload, sampleSnapshot } from '../testing/samples.ts';
import { createEngineFeed } from './engine-store.ts';

const progress = (seq: number, change: Partial<ProgressEvent> = {}): ProgressEvent => ({
  event: 'progress',
  seq,
  time: new Date(0).toISOString(),
  download: 'd1',
  state: 'downloading',
  receivedBytes: 7e9,
  verifiedBytes: 6e9,
  totalBytes: 15e9,
  bytesPerSecond: 5e6,
  etaSeconds: 1600,
  chunksDone: 130,
  chunksTotal: 294,
  streams: 4,
  ...change,
});

async function followEngine() {
  const snapshot = () => succeed(sampleSnapshot(sampleDownload(), sampleDownload({ id: 'd2' })));
  const fake = createFakeBridge({ snapshot });
  const feed = createEngineFeed(fake.bridge);
  await feed.refresh();
  return { fake, feed, downloads: () => feed.store.getState().downloads?.downloads ?? [] };
}

describe('the mirror of the engine', () => {
  it('changes one download when one makes progress', async () => {
    const { feed, downloads } = await followEngine();
    const [, other] = downloads();
    feed.receive(progress(1));
    expect(downloads()[0]?.receivedBytes).toBe(7e9);
    expect(downloads()[1]).toBe(other);
  });

  it('changes nothing when another snapshot is the same', async () => {
    const { feed, downloads } = await followEngine();
    const before = downloads();
    await feed.refresh();
    expect(downloads()).toBe(before);
  });

  it('lets events go by while the window is hidden, and catches up afterwards', async () => {
    const { feed, fake, downloads } = await followEngine();
    feed.setVisible(false);
    feed.receive(progress(1));
    expect(downloads()[0]?.receivedBytes).toBe(sampleDownload().receivedBytes);
    fake.answer('snapshot', () =>
      succeed({ ...sampleSnapshot(sampleDownload({ receivedBytes: 9e9 })), seq: 40 }),
    );
    feed.setVisible(true);
    await feed.refresh();
    expect(downloads()[0]?.receivedBytes).toBe(9e9);
  });

  it('remembers the last speed when nothing moves any more', async () => {
    const { feed } = await followEngine();
    feed.receive(progress(1, { bytesPerSecond: 5e6 }));
    const moving = feed.store.getState().recentBytesPerSecond;
    feed.receive(progress(2, { bytesPerSecond: 0 }));
    feed.receive(progress(3, { download: 'd2', bytesPerSecond: 0 }));
    expect(moving).toBeGreaterThan(0);
    expect(feed.store.getState().recentBytesPerSecond).toBeGreaterThan(0);
  });

  it('shows no speed while there is no engine, and the truth when it is back', async () => {
    const { feed, downloads } = await followEngine();
    const error = failure('EngineUnavailable', 'It ended.');
    feed.setStatus({ state: 'restarting', attempt: 1, retryAt: new Date(0).toISOString(), error });
    expect(downloads()[0]).toMatchObject({ state: 'downloading', bytesPerSecond: 0, etaSeconds: null });
    await feed.refresh();
    expect(downloads()[0]).toMatchObject({ bytesPerSecond: 4_200_000 });
  });
});
