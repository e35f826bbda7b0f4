import { beforeEach, describe, expect, it } from 'vitest';
import { addDownloadSchema } from '../../shared/contract/commands.ts';
import type { DownloadState } from '../../shared/model/download.ts';
import { type DownloadRow, NO_COUNTERS } from '../ledger/downloads.ts';
import type { FileRow } from '../ledger/files.ts';
import { Download } from './download.ts';
import type { BlobProgress } from './file-progress.ts';
import { TrackedFile } from './tracked-file.ts';

const row: DownloadRow = {
  ...NO_COUNTERS,
  id: 'a',
  position: 0,
  repo: 'org/model',
  revision: 'main',
  commit: null,
  model: null,
  variant: null,
  endpoint: 'http://127.0.0.1:1',
  cacheDir: '/cache',
  state: 'downloading',
  reason: null,
  error: null,
  options: addDownloadSchema.parse({ reference: 'org/model' }),
  createdAt: 0,
};
const fileRow = (path: string, size: number): FileRow => ({
  path,
  size,
  hash: 'a'.repeat(64),
  algorithm: 'sha256',
  installed: false,
});

let nowMs: number;
let download: Download;
let progress: BlobProgress;
beforeEach(() => {
  nowMs = 1_000_000;
  progress = { receivedBytes: 0, verifiedBytes: 0, chunksDone: 0, chunksTotal: 10 };
  download = new Download(row, () => nowMs);
  download.track([new TrackedFile(fileRow('x', 1000), () => progress)]);
});

/** Bytes arrive at an even pace for some seconds. */
function stream(bytesPerSecond: number, seconds: number): void {
  for (let tick = 0; tick < seconds * 4; tick += 1) {
    nowMs += 250;
    download.received(bytesPerSecond / 4, FROM);
  }
}

/** Time passes without a byte. */
function silence(seconds: number): void {
  for (let tick = 0; tick < seconds * 4; tick += 1) {
    nowMs += 250;
  }
}

it.each(['downloading', 'repairing'] as const)(
  'reports the rest divided by the speed as remaining time while %s',
  (state) => {
    download.enter(state, null, null);
    stream(20, 5);
    progress = { ...progress, receivedBytes: 100 };
    expect(download.progress()).toMatchObject({ bytesPerSecond: 20, etaSeconds: 45 });
  },
);

const FROM = { kind: 'hub', host: 'cdn.example', share: { recentBytes: 0 } } as const;

describe('the numbers', () => {
  it('are the sums over all files', () => {
    const second = { receivedBytes: 7, verifiedBytes: 5, chunksDone: 1, chunksTotal: 2 };
    download.track([...download.files, new TrackedFile(fileRow('y', 50), () => second)]);
    progress = { receivedBytes: 100, verifiedBytes: 90, chunksDone: 3, chunksTotal: 10 };
    expect(download.progress()).toMatchObject({
      receivedBytes: 107,
      verifiedBytes: 95,
      totalBytes: 1050,
      chunksDone: 4,
      chunksTotal: 12,
    });
  });

  it('never go back while a download runs, though a chunk is fetched again', () => {
    progress = { ...progress, receivedBytes: 1000, verifiedBytes: 900, chunksDone: 9 };
    download.progress();
    progress = { ...progress, receivedBytes: 800, verifiedBytes: 950, chunksDone: 8 };
    expect(download.progress()).toMatchObject({ receivedBytes: 1000, verifiedBytes: 950, chunksDone: 9 });
  });

  it('never decrease in what is shown of the whole list either', () => {
    progress = { ...progress, receivedBytes: 1000 };
    download.progress();
    progress = { ...progress, receivedBytes: 10 };
    expect(download.view(null).receivedBytes).toBe(1000);
  });

  it('start over when it is run again', () => {
    progress = { ...progress, receivedBytes: 1000 };
    download.received(1000, FROM);
    download.progress();
    download.renew(true);
    progress = { ...progress, receivedBytes: 10 };
    expect(download.progress()).toMatchObject({ receivedBytes: 10, bytesPerSecond: 0 });
    expect(download.stats().downloadedBytes).toBe(0);
  });
});

describe('the time left', () => {
  beforeEach(() => {
    download.track([new TrackedFile(fileRow('x', 100_000), () => progress)]);
  });

  it('follows from speed and rest', () => {
    stream(1000, 60);
    progress = { ...progress, receivedBytes: 60_000 };
    expect(download.progress()).toMatchObject({ bytesPerSecond: 1000, etaSeconds: 40 });
  });

  it('is unknown before the first byte', () => {
    expect(download.progress()).toMatchObject({ bytesPerSecond: 0, etaSeconds: null });
  });

  it('is unknown while nothing comes', () => {
    stream(1000, 60);
    silence(3);
    expect(download.progress()).toMatchObject({ bytesPerSecond: 0, etaSeconds: null });
  });

  it.each<DownloadState>(['verifying', 'waiting', 'installing'])('is unknown while %s', (state) => {
    stream(1000, 10);
    download.enter(state, null, null);
    expect(download.progress().etaSeconds).toBeNull();
  });

  it('is unknown while a content that is all here is compared', () => {
    stream(1000, 10);
    progress = { ...progress, receivedBytes: 100_000 };
    download.enter('repairing', null, null);
    expect(download.progress().etaSeconds).toBeNull();
  });

  it('is nothing once it is ready', () => {
    download.enter('ready', null, null);
    expect(download.progress().etaSeconds).toBe(0);
  });
});

describe('the state', () => {
  it('changes along the life cycle only', () => {
    expect(() => download.enter('verifying', null, null)).not.toThrow();
    download.enter('ready', null, null);
    expect(() => download.enter('paused', null, null)).toThrow(expect.objectContaining({ code: 'Internal' }));
    expect(download.state).toBe('ready');
  });

  it('has what is waited for, and until when', () => {
    download.waitFor({
      facts: { reason: 'network', code: 'Offline', trouble: 'no-network', attempt: 2 },
      message: 'No network',
      retryAtMs: Date.UTC(2026, 0, 2),
    });
    expect(download.view(null)).toMatchObject({
      state: 'waiting',
      waitReason: 'network',
      reason: 'No network',
      retryAt: '2026-01-02T00:00:00.000Z',
      wait: {
        reason: 'network',
        code: 'Offline',
        trouble: 'no-network',
        attempt: 2,
        retryAt: '2026-01-02T00:00:00.000Z',
      },
    });
  });

  it('clears the wait when it continues', () => {
    download.waitFor({ facts: { reason: 'network', code: 'Offline' }, message: 'No network', retryAtMs: 0 });
    download.enter('downloading', null, null);
    expect(download.view(null)).toMatchObject({ wait: null, waitReason: null, reason: null, retryAt: null });
  });

  it('reports how long nothing has arrived while connections are open', () => {
    stream(1000, 5);
    silence(12);
    download.setAttempts([1, 2].map(() => ({ kind: 'hub', host: 'cdn.example', share: { recentBytes: 0 } })));
    expect(download.progress().reason).toBe('No data for 12 s');
    expect(download.progress().wait).toMatchObject({ code: 'Stalled', silentMs: 12_000 });
    download.setAttempts([]);
    expect(download.progress().reason).toBeUndefined();
  });

  it('shows the snapshot folder once it is ready', () => {
    expect(download.view('/snapshot').snapshot).toBeNull();
    download.enter('ready', null, null);
    expect(download.view('/snapshot').snapshot).toBe('/snapshot');
  });
});

describe('the cost', () => {
  it('continues counting from the ledger’s numbers', () => {
    const counters = {
      ...NO_COUNTERS,
      activeMs: 4000,
      downloadedBytes: 100,
      retries: 3,
      afterLastByteMs: 1500,
    };
    const resumed = new Download({ ...row, ...counters }, () => nowMs);
    resumed.begin();
    nowMs += 2000;
    resumed.received(50, FROM);
    expect(resumed.stats()).toMatchObject({
      seconds: 6,
      downloadedBytes: 150,
      retries: 3,
      secondsAfterLastByte: 1.5,
    });
  });

  it('has whole milliseconds, as the ledger keeps them', () => {
    download.begin();
    nowMs += 0.4;
    expect(download.currentCounters().activeMs).toBe(0);
  });
});
