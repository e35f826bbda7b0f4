import { describe, expect, it } from 'vitest';
import { sampleDownload } from '../../testing/sample-download.ts';
import { barOf } from './bar.ts';
import { figuresOf } from './figures.ts';
import { spokenDuration, spokenProgress } from './spoken.ts';

const whole = 15_375_697_208;

describe('figuresOf', () => {
  it('shows amount, speed and remaining time', () => {
    expect(figuresOf(sampleDownload())).toEqual({
      amount: '6.31 of 15.38 GB · 41 %',
      rate: '4.2 MB/s',
      timeLeft: '36 min left',
    });
  });

  it('shows no speed and no time left while stalled', () => {
    const { rate, timeLeft } = figuresOf(sampleDownload({ bytesPerSecond: 0, etaSeconds: 2000 }));
    expect([rate, timeLeft]).toEqual(['0 MB/s', '—']);
  });

  it('has no speed for what rests', () => {
    const { rate, timeLeft } = figuresOf(sampleDownload({ state: 'paused' }));
    expect([rate, timeLeft]).toEqual([null, null]);
  });

  it('never shows 100 % before it is ready', () => {
    const verifying = sampleDownload({ state: 'verifying', receivedBytes: whole });
    expect(figuresOf(verifying).amount).toBe('15.38 of 15.38 GB · 99 %');
    const ready = sampleDownload({ state: 'ready', receivedBytes: whole, verifiedBytes: whole });
    expect(figuresOf(ready).amount).toBe('15.38 of 15.38 GB · 100 %');
  });

  it('shows nothing of an amount that is not known yet', () => {
    expect(figuresOf(sampleDownload({ totalBytes: 0, chunksTotal: 0 })).amount).toBeNull();
  });
});

describe('barOf', () => {
  it('leaves an end open until everything is verified and installed', () => {
    const view = sampleDownload({ state: 'installing', receivedBytes: whole, verifiedBytes: whole });
    expect(barOf(view).received).toBeLessThan(1);
    expect(barOf({ ...view, state: 'ready' }).received).toBe(1);
  });

  it('never shows more verified than received', () => {
    const { verified, received } = barOf(
      sampleDownload({ receivedBytes: 10, verifiedBytes: 20, totalBytes: 100 }),
    );
    expect(verified).toBe(received);
  });
});

describe('spokenProgress', () => {
  it('reads as a person would say it', () => {
    expect(spokenProgress(sampleDownload())).toBe('41 percent, 36 minutes left');
  });

  it('leaves the time out while it is unknown', () => {
    expect(spokenProgress(sampleDownload({ etaSeconds: null }))).toBe('41 percent');
  });

  it('names the state of what does not move', () => {
    expect(spokenProgress(sampleDownload({ state: 'paused' }))).toBe('41 percent, paused');
  });
});

describe('spokenDuration', () => {
  it.each([
    [1, '1 second'],
    [12, '12 seconds'],
    [3900, '1 hour 5 minutes'],
    [180_000, '2 days 2 hours'],
  ])('%d s is %s', (seconds, text) => expect(spokenDuration(seconds)).toBe(text));
});
