import { DEFAULT_SETTINGS, type Snapshot } from '../../shared/contract/commands.ts';
import type { ProgressEvent } from '../../shared/contract/events.ts';
import type { Catalog } from '../../shared/model/catalog.ts';
import type { DownloadView, FileView } from '../../shared/model/download.ts';
import type { HardwareReport } from '../../shared/model/hardware.ts';

/** Size of the Moshi BF16 weights in the tests, in bytes. */
export const WEIGHTS_BYTES = 15_375_697_208;

/** A file of a running download. */
export function fileView(over: Partial<FileView> = {}): FileView {
  return {
    path: 'model.safetensors',
    size: WEIGHTS_BYTES,
    hash: 'ab'.repeat(32),
    algorithm: 'sha256',
    receivedBytes: 6_300_000_000,
    verifiedBytes: 6_000_000_000,
    chunksDone: 114,
    chunksTotal: 294,
    installed: false,
    ...over,
  };
}

/** A running download. */
export function downloadView(over: Partial<DownloadView> = {}): DownloadView {
  return {
    id: 'd1',
    repo: 'kyutai/moshiko-mlx-bf16',
    revision: 'main',
    commit: 'c'.repeat(40),
    model: 'moshi',
    variant: 'bf16',
    state: 'downloading',
    reason: null,
    waitReason: null,
    wait: null,
    retryAt: null,
    error: null,
    position: 0,
    receivedBytes: 6_300_000_000,
    verifiedBytes: 6_000_000_000,
    totalBytes: WEIGHTS_BYTES,
    bytesPerSecond: 4_200_000,
    etaSeconds: 2160,
    chunksDone: 114,
    chunksTotal: 294,
    streams: 4,
    snapshot: null,
    stats: {
      seconds: 0,
      downloadedBytes: 0,
      rescuedBytes: 0,
      wastedBytes: 0,
      retries: 0,
      secondsAfterLastByte: 0,
    },
    files: [fileView()],
    ...over,
  };
}

/** A snapshot with these downloads. */
export function snapshotOf(downloads: readonly DownloadView[], seq = 0): Snapshot {
  return {
    runId: 'run',
    seq,
    downloads,
    builds: [],
    settings: DEFAULT_SETTINGS,
  };
}

/** Body of a progress event that agrees with {@link downloadView}. */
export function progressBody(over: Partial<ProgressEvent> = {}): Omit<ProgressEvent, 'seq' | 'time'> {
  return {
    event: 'progress',
    download: 'd1',
    state: 'downloading',
    receivedBytes: 6_300_000_000,
    verifiedBytes: 6_000_000_000,
    totalBytes: WEIGHTS_BYTES,
    bytesPerSecond: 4_200_000,
    etaSeconds: 2160,
    chunksDone: 114,
    chunksTotal: 294,
    streams: 4,
    ...over,
  };
}

/** A catalog of one model with two variants. */
export const CATALOG: Catalog = {
  version: 1,
  models: [
    {
      id: 'moshi',
      name: 'Moshi',
      summary: 'Speech in, speech out.',
      license: 'CC-BY-4.0',
      stepsPerSecond: 12.5,
      snippets: {},
      variants: [
        {
          id: 'bf16',
          repo: 'kyutai/moshiko-mlx-bf16',
          revision: 'main',
          include: [],
          exclude: [],
          bytes: 15_400_000_000,
          approximate: false,
          neededBytes: 18_500_000_000,
          bytesPerStep: null,
          pins: [],
        },
        {
          id: 'q4',
          repo: 'kyutai/moshiko-mlx-q4',
          revision: 'main',
          include: [],
          exclude: [],
          bytes: 4_900_000_000,
          approximate: true,
          neededBytes: 8_000_000_000,
          bytesPerStep: null,
          pins: [],
        },
      ],
    },
  ],
};

/** The verdict on {@link CATALOG}. */
export const HARDWARE: HardwareReport = {
  chip: 'Apple M3 Pro',
  memoryBytes: 18 * 2 ** 30,
  budgetBytes: 14_000_000_000,
  bandwidthGBps: 150,
  assumed: false,
  translated: false,
  models: [
    {
      model: 'moshi',
      recommended: 'q4',
      variants: [
        {
          variant: 'bf16',
          fit: 'wont-fit',
          verdict: 'wont-fit',
          neededBytes: 18_500_000_000,
          reasons: ['Needs 18.5 GB.'],
        },
        {
          variant: 'q4',
          fit: 'runs-well',
          verdict: 'runs-well',
          neededBytes: 8_000_000_000,
          reasons: ['Needs 8.0 GB.'],
        },
      ],
    },
  ],
};
