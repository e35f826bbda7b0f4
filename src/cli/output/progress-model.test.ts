import { describe, expect, it } from 'vitest';
import type { VerifyingEvent } from '../../shared/contract/events.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { downloadView, fileView } from '../testing/samples.ts';
import { EMPTY_MODEL, fileSpeeds, type ProgressModel, takeState, verificationOf } from './progress-model.ts';

const following = { ids: new Set(['d1']), nameOf: (view: DownloadView) => view.repo };
const take = (
  model: ProgressModel,
  downloads: readonly DownloadView[],
  nowMs: number,
  verifying: Readonly<Record<string, VerifyingEvent>> = {},
) => takeState(model, { downloads, verifying }, following, nowMs);

describe('progress model', () => {
  it('leaves out downloads that are not followed', () => {
    const model = take(EMPTY_MODEL, [downloadView(), downloadView({ id: 'other' })], 0);
    expect([...model.keys()]).toEqual(['d1']);
  });

  it('forgets a verification whose heartbeat stopped', () => {
    const heartbeat: VerifyingEvent = {
      seq: 1,
      time: '',
      event: 'verifying',
      download: 'd1',
      path: 'f',
      seconds: 3,
      hashedBytes: 1,
      totalBytes: 2,
    };
    const first = take(EMPTY_MODEL, [downloadView()], 1000, { d1: heartbeat });
    // The same heartbeat is processed again and again.
    const found = take(first, [downloadView()], 2500, { d1: heartbeat }).get('d1');
    if (found === undefined) throw new Error('not followed');
    expect(verificationOf(found, 'f', 3000)?.seconds).toBe(3);
    expect(verificationOf(found, 'f', 4000)).toBeUndefined();
  });

  it('remembers when the last byte arrived', () => {
    const first = take(EMPTY_MODEL, [downloadView()], 1000);
    const silent = take(first, [downloadView()], 5000);
    expect(silent.get('d1')?.lastByteAtMs).toBe(1000);
    const moving = take(silent, [downloadView({ receivedBytes: 6_300_000_001 })], 6000);
    expect(moving.get('d1')?.lastByteAtMs).toBe(6000);
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
