import { describe, expect, it } from 'vitest';
import type { DownloadView } from '../../shared/model/download.ts';
import { sampleDownload } from '../tray/sample-downloads.ts';
import { doBytesMove, isLineWanted } from './activity.ts';

const still = { bytesPerSecond: 0 };
const waiting = (waitReason: DownloadView['waitReason']) =>
  sampleDownload({ state: 'waiting', waitReason, ...still });

describe('doBytesMove', () => {
  it('is true while bytes come or are checked', () => {
    expect(doBytesMove([sampleDownload()], [])).toBe(true);
    expect(doBytesMove([sampleDownload({ state: 'verifying', ...still })], [])).toBe(true);
  });

  it('is true while a model is made, and only then', () => {
    for (const state of ['planning', 'making', 'verifying', 'installing'] as const)
      expect(doBytesMove([], [{ state }])).toBe(true);
    for (const state of ['queued', 'paused', 'waiting', 'failed', 'ready'] as const)
      expect(doBytesMove([], [{ state }])).toBe(false);
  });

  it('is false while everything waits, is paused or stalled', () => {
    expect(doBytesMove([], [])).toBe(false);
    expect(doBytesMove([waiting('network'), sampleDownload({ state: 'paused' })], [])).toBe(false);
    expect(doBytesMove([sampleDownload(still)], [])).toBe(false);
  });
});

describe('isLineWanted', () => {
  it.each(['network', 'server', 'rate-limit'] as const)('is true while a download waits for %s', (reason) => {
    expect(isLineWanted([waiting(reason)])).toBe(true);
  });

  it('is true while a stream is silent', () => {
    expect(isLineWanted([sampleDownload(still)])).toBe(true);
  });

  it('is false while all goes well, and when no network could help', () => {
    expect(isLineWanted([sampleDownload()])).toBe(false);
    expect(isLineWanted([waiting('disk'), waiting('volume')])).toBe(false);
    expect(isLineWanted([sampleDownload({ state: 'paused', ...still })])).toBe(false);
    expect(isLineWanted([sampleDownload({ state: 'queued', ...still })])).toBe(false);
  });
});
