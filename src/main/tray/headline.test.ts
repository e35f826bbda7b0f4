import { describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import { headline, trayState, trayTitle } from './headline.ts';
import { sampleBuild, sampleDownload, sampleState } from './sample-downloads.ts';

const running: EngineStatus = { state: 'running', runId: 'run' };
const error = { code: 'Internal', message: 'It ended.', retryable: false, details: {} } as const;
const named = () => 'Moshi Q4';
const making = (changes: Partial<BuildView> = {}, ...downloads: readonly DownloadView[]) => ({
  ...sampleState(...downloads),
  builds: [sampleBuild(changes)],
});
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
    expect(headline(sampleState(...two), running, named)).toBe('2 downloads · 6.4 MB/s · 1 h 4 min left');
  });

  it('shows what it waits for when nothing moves', () => {
    const waiting = sampleDownload({ state: 'waiting', waitReason: 'network', ...stalled });
    expect(headline(sampleState(waiting), running, named)).toBe('1 download · waiting for the network');
  });

  it('shows a speed of nothing while a stream is silent', () => {
    expect(headline(sampleState(sampleDownload(stalled)), running, named)).toBe('1 download · 0 bytes/s');
  });

  it('leaves the time out while it is unknown', () => {
    expect(headline(sampleState(sampleDownload({ totalBytes: 0 })), running, named)).toBe(
      '1 download · 5.0 MB/s',
    );
  });

  it.each([
    ['paused', '1 download · paused'],
    ['failed', '1 download · stopped'],
    ['ready', 'No downloads'],
  ] as const)('tells of a %s download', (state, text) => {
    expect(headline(sampleState(sampleDownload({ state, ...stalled })), running, named)).toBe(text);
  });

  it('puts a lost engine before everything', () => {
    expect(headline(sampleState(sampleDownload()), { state: 'failed', error }, named)).toContain('saved');
  });

  it('names what is being made, alone or behind the downloads', () => {
    expect(headline(making(), running, named)).toBe('Making Moshi Q4 · 10 s left');
    const both = making({ etaSeconds: null }, sampleDownload({ totalBytes: 0 }));
    expect(headline(both, running, named)).toBe('1 download · 5.0 MB/s · making Moshi Q4');
    const waiting = making({ state: 'waiting', waitReason: 'volume', etaSeconds: null });
    expect(headline(waiting, running, named)).toBe('Making Moshi Q4 · waiting for the disk');
    expect(headline(making({ state: 'ready' }), running, named)).toBe('No downloads');
  });

  it('does not claim that there is nothing before it knows', () => {
    expect(headline(null, { state: 'starting' }, named)).toBe('Starting…');
  });
});

describe('the icon', () => {
  it('has a title only while bytes move', () => {
    expect(trayTitle(sampleState(sampleDownload()))).toBe('5.0 MB/s');
    expect(trayTitle(sampleState(sampleDownload(stalled)))).toBe('');
    expect(trayTitle(null)).toBe('');
  });

  it('shows a pause when everything is paused, and not when something runs', () => {
    const paused = sampleDownload({ state: 'paused', ...stalled });
    expect(trayState(sampleState(paused))).toBe('paused');
    expect(trayState(sampleState(paused, sampleDownload({ id: 'two' })))).toBe('active');
    expect(trayState(sampleState(sampleDownload({ state: 'ready' })))).toBe('idle');
  });
});
