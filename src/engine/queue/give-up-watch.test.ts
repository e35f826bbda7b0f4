import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { Transfer } from './acquire-contents.ts';
import type { Download } from './download.ts';
import { GiveUpWatch } from './give-up-watch.ts';

/** A watch that gives up after ten milliseconds, with its own clock and download. */
function watch() {
  const state = { nowMs: 0, throughput: { totalBytes: 0 }, local: new Set<string>() };
  const transfer = { jobs: new Set(), local: state.local } as unknown as Transfer;
  const self = new GiveUpWatch(state as unknown as Download, () => state.nowMs, 10);
  const reasonAfter = (ms: number, own: Transfer | null = transfer, error: AppError | null = null) => {
    state.nowMs += ms;
    return self.reason(own, error);
  };
  return { self, state, reasonAfter };
}

describe('GiveUpWatch', () => {
  it('gives up after the time without a byte, with the last error from outside', () => {
    const { reasonAfter } = watch();
    const refused = new AppError('Offline', 'refused');
    expect(reasonAfter(9)).toBeNull();
    expect(reasonAfter(1, null, refused)).toBe(refused);
  });

  it('starts over with each byte', () => {
    const { state, reasonAfter } = watch();
    reasonAfter(9);
    state.throughput.totalBytes = 1;
    expect(reasonAfter(9)).toBeNull();
    expect(reasonAfter(9)).toBeNull();
    expect(reasonAfter(1)).toMatchObject({ code: 'Timeout' });
  });

  it('does not give up while files are installed, however many they are', () => {
    const { state, reasonAfter } = watch();
    state.local.add('a content with 100,000 names');
    for (let n = 0; n < 5; n += 1) expect(reasonAfter(1000)).toBeNull();
    state.local.clear();
    expect(reasonAfter(9)).toBeNull();
    expect(reasonAfter(1)).toMatchObject({ code: 'Timeout' });
  });

  it('does not give up while it looks at what is here of many files', () => {
    const { self, reasonAfter } = watch();
    self.isLooking = true;
    expect(reasonAfter(1000, null)).toBeNull();
    self.isLooking = false;
    expect(reasonAfter(10, null)).toMatchObject({ code: 'Timeout' });
  });

  it('never gives up without a limit', () => {
    const download = { throughput: { totalBytes: 0 } } as Download;
    const patient = new GiveUpWatch(download, () => 1e12, undefined);
    expect(patient.reason(null, null)).toBeNull();
  });
});
