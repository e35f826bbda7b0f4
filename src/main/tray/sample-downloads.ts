import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';

/** A download for the tests of the desktop parts: a third of Moshi BF16, downloading. */
export function sampleDownload(changes: Partial<DownloadView> = {}): DownloadView {
  return {
    id: 'one',
    repo: 'kyutai/moshiko-mlx-bf16',
    revision: 'main',
    commit: null,
    model: 'moshi',
    variant: 'bf16',
    state: 'downloading',
    reason: null,
    waitReason: null,
    wait: null,
    retryAt: null,
    error: null,
    position: 0,
    receivedBytes: 5_000_000_000,
    verifiedBytes: 4_900_000_000,
    totalBytes: 15_000_000_000,
    bytesPerSecond: 5_000_000,
    etaSeconds: 2000,
    chunksDone: 90,
    chunksTotal: 294,
    streams: 8,
    snapshot: null,
    stats: {
      seconds: 0,
      downloadedBytes: 0,
      rescuedBytes: 0,
      wastedBytes: 0,
      retries: 0,
      secondsAfterLastByte: 0,
    },
    files: [],
    ...changes,
  };
}

/** A mirrored state that holds these downloads. */
export function sampleState(...downloads: readonly DownloadView[]): DownloadsState {
  return {
    runId: 'run',
    seq: 1,
    downloads,
    builds: [],
    settings: { atOnce: 2, profile: 'auto', limitBytesPerSecond: null, buildRoot: null },
    verifying: {},
  };
}
