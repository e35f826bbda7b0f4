import { describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import { headline, trayState, trayTitle } from './headline.ts';
import { sampleDownload } from './sample-downloads.ts';

const running: EngineStatus = { state: 'running', runId: 'run' };
const error = { code: 'Internal', message: 'It ended.', retryable: false, details: {} } as const;
const stalled = { bytesPerSecond: 0, etaSeconds: null };

describe('headline', () => {
  it('sums up the downloads that go on', () => {
    const two = [
      sampleDownload({ bytesPerSecond: 5_000_000 }),
      sampleDownload({
        id: 'two',
        bytesPerSecond: 1_400_000,
        receivedBytes: 600_000_000,
        etaSeconds: 10_286,
      }),
    ];
    expect(headline(two, running)).toBe('2 downloads · 6.4 MB/s · 1 h 4 min left');
  });

  it('says what it waits for when nothing moves', () => {
    const waiting = sampleDownload({ state: 'waiting', waitReason: 'network', ...stalled });
    expect(headline([waiting], running)).toBe('1 download · waiting for the network');
  });

  it('shows a speed of nothing while a stream is silent', () => {
    expect(headline([sampleDownload(stalled)], running)).toBe('1 download · 0 bytes/s');
  });

  it('leaves the time out while it is unknown', () => {
    expect(headline([sampleDownload({ totalBytes: 0 })], running)).toBe('1 download · 5.0 MB/s');
  });

  it.each([
    ['paused', '1 download · paused'],
    ['failed', '1 download · stopped'],
    ['ready', 'No downloads'],
  ] as const)('tells of a %s download', (state, text) => {
    expect(headline([sampleDownload({ state, ...stalled })], running)).toBe(text);
  });

  it('puts a lost engine before everything', () => {
    expect(headline([sampleDownload()], { state: 'failed', error })).toContain('saved');
  });

  it('does not claim that there is nothing before it knows', () => {
    expect(headline(null, { state: 'starting' })).toBe('Starting…');
  });
});

describe('the icon', () => {
  it('has a title only while bytes move', () => {
    expect(trayTitle([sampleDownload()])).toBe('5.0 MB/s');
    expect(trayTitle([sampleDownload(stalled)])).toBe('');
    expect(trayTitle(null)).toBe('');
  });

  it('shows a pause when everything is paused, and not when something goes on', () => {
    const paused = sampleDownload({ state: 'paused', ...stalled });
    expect(trayState([paused])).toBe('paused');
    expect(trayState([paused, sampleDownload({ id: 'two' })])).toBe('active');
    expect(trayState([sampleDownload({ state: 'ready' })])).toBe('idle');
  });
});
