import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { downloadView, fileView, progressBody, snapshotOf } from '../testing/samples.ts';
import {
  EMPTY_MODEL,
  fileSpeeds,
  type ProgressModel,
  takeEvent,
  takeSnapshot,
  verificationOf,
} from './progress-model.ts';

const take = (model: ProgressModel, views: readonly DownloadView[], nowMs: number) =>
  takeSnapshot(model, snapshotOf(views), { ids: new Set(['d1']), nameOf: (view) => view.repo }, nowMs);
const stamp = { seq: 1, time: '' };
const progress = (over = {}): EngineEvent => ({ ...progressBody(over), ...stamp });

describe('progress model', () => {
  it('leaves out downloads that are not followed', () => {
    const model = take(EMPTY_MODEL, [downloadView(), downloadView({ id: 'other' })], 0);
    expect([...model.keys()]).toEqual(['d1']);
  });

  it('takes numbers and reasons from progress events', () => {
    const model = takeEvent(
      take(EMPTY_MODEL, [downloadView()], 0),
      progress({ state: 'waiting', reason: 'Offline.', retryAt: '2025-01-01T00:00:08Z', receivedBytes: 7e9 }),
      1,
    );
    expect(model.get('d1')?.view).toMatchObject({
      state: 'waiting',
      reason: 'Offline.',
      retryAt: '2025-01-01T00:00:08Z',
      receivedBytes: 7e9,
    });
  });

  it('clears the reason with the first event that has none', () => {
    const waiting = take(EMPTY_MODEL, [downloadView({ state: 'waiting', reason: 'Offline.' })], 0);
    expect(takeEvent(waiting, progress(), 1).get('d1')?.view.reason).toBeNull();
  });

  it('forgets a verification whose heartbeat stopped', () => {
    const heartbeat: EngineEvent = {
      ...stamp,
      event: 'verifying',
      download: 'd1',
      path: 'f',
      seconds: 3,
      hashedBytes: 1,
      totalBytes: 2,
    };
    const found = takeEvent(take(EMPTY_MODEL, [downloadView()], 0), heartbeat, 1000).get('d1');
    if (found === undefined) throw new Error('not followed');
    expect(verificationOf(found, 'f', 3000)?.seconds).toBe(3);
    expect(verificationOf(found, 'f', 4000)).toBeUndefined();
  });

  it('remembers when the last byte arrived', () => {
    const first = take(EMPTY_MODEL, [downloadView()], 1000);
    const silent = takeEvent(first, progress(), 5000);
    expect(silent.get('d1')?.lastByteAtMs).toBe(1000);
    expect(takeEvent(silent, progress({ receivedBytes: 6_300_000_001 }), 6000).get('d1')?.lastByteAtMs).toBe(
      6000,
    );
  });
});

describe('fileSpeeds', () => {
  const files = (a: number, b: number) => [
    fileView({ path: 'a', receivedBytes: a }),
    fileView({ path: 'b', receivedBytes: b }),
  ];
  const speedsOf = (model: ProgressModel) => {
    const found = model.get('d1');
    return found === undefined ? new Map() : fileSpeeds(found);
  };

  it('divides the speed of the download by what each file received', () => {
    const first = take(EMPTY_MODEL, [downloadView({ files: files(0, 0) })], 0);
    const second = take(first, [downloadView({ files: files(300, 100), bytesPerSecond: 400 })], 1000);
    expect(Object.fromEntries(speedsOf(second))).toEqual({ a: 300, b: 100 });
  });

  it('looks back five seconds only', () => {
    let model = take(EMPTY_MODEL, [downloadView({ files: files(0, 0) })], 0);
    model = take(model, [downloadView({ files: files(900, 0) })], 1000);
    model = take(model, [downloadView({ files: files(900, 0) })], 2000);
    model = take(model, [downloadView({ files: files(900, 50), bytesPerSecond: 10 })], 7000);
    expect(Object.fromEntries(speedsOf(model))).toEqual({ a: 0, b: 10 });
  });

  it('knows no speeds before a second look', () => {
    expect(speedsOf(take(EMPTY_MODEL, [downloadView()], 0)).size).toBe(0);
  });
});
