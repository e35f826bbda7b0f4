import { DEFAULT_SETTINGS } from '../../shared/contract/commands.ts';
import type { BuildView } from '../../shared/model/build.ts';
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

/** A Q4 of Moshi being built, with half of its source read. */
export function sampleBuild(changes: Partial<BuildView> = {}): BuildView {
  return {
    id: 'made',
    kind: 'build',
    model: 'moshi',
    variant: 'q4',
    source: { repo: 'kyutai/moshiko-mlx-bf16', commit: '12'.repeat(20), path: 'model.safetensors' },
    path: '/models/moshiko-mlx-bf16-q4',
    file: '/models/moshiko-mlx-bf16-q4/model.q4.safetensors',
    state: 'making',
    reason: null,
    waitReason: null,
    error: null,
    hash: null,
    sourceBytesDone: 8_000_000_000,
    sourceBytes: 16_000_000_000,
    writtenBytes: 2_000_000_000,
    durableBytes: 2_000_000_000,
    outputBytes: 4_000_000_000,
    bytesPerSecond: 800_000_000,
    etaSeconds: 10,
    unitsDone: 800,
    unitsTotal: 1600,
    tensor: null,
    hashedBytes: 0,
    createdAt: 0,
    ...changes,
  };
}

/** A mirrored state with these downloads. */
export function sampleState(...downloads: readonly DownloadView[]): DownloadsState {
  return {
    runId: 'run',
    seq: 1,
    downloads,
    builds: [],
    settings: DEFAULT_SETTINGS,
    verifying: {},
  };
}
