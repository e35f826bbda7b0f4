import {
  DEFAULT_SETTINGS,
  type DownloadPlan,
  type Settings,
  type Snapshot,
} from '../../shared/contract/commands.ts';
import type { Preferences } from '../../shared/contract/preferences.ts';
import { type Catalog, catalogSchema } from '../../shared/model/catalog.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { HardwareReport, VariantFit } from '../../shared/model/hardware.ts';

/** Stand-ins for answers of engine and main, for component tests and for viewing a page without them. */
export const sampleCatalog: Catalog = catalogSchema.parse({
  version: 1,
  models: [
    {
      id: 'parakeet',
      name: 'Parakeet TDT 0.6B v3',
      summary: 'Turns speech into text with time stamps, in 25 European languages.',
      license: 'cc-by-4.0',
      variants: [
        {
          id: 'bf16',
          repo: 'mlx-community/parakeet-tdt-0.6b-v3',
          bytes: 2_509_044_141,
          neededBytes: 4_000_000_000,
        },
      ],
    },
    {
      id: 'moshi',
      name: 'Moshi',
      summary: 'Speaks and listens at the same time: real-time conversation in English, male voice.',
      license: 'cc-by-4.0',
      stepsPerSecond: 12.5,
      variants: [
        {
          id: 'bf16',
          repo: 'kyutai/moshiko-mlx-bf16',
          bytes: 15_760_894_886,
          approximate: true,
          neededBytes: 18_500_000_000,
        },
        {
          id: 'q8',
          repo: 'kyutai/moshiko-mlx-q8',
          makeable: { from: 'bf16', recipe: 'mlx-affine-8-64', outputBytes: 8_168_805_880 },
          bytes: 8_221_197_678,
          approximate: true,
          neededBytes: 11_000_000_000,
        },
        {
          id: 'q4',
          repo: 'kyutai/moshiko-mlx-q4',
          makeable: { from: 'bf16', recipe: 'mlx-affine-4-32', outputBytes: 4_805_546_280 },
          bytes: 4_812_197_678,
          approximate: true,
          neededBytes: 8_000_000_000,
        },
      ],
    },
  ],
});

const verdict = (
  variant: string,
  word: VariantFit['fit'],
  neededBytes: number,
  ...reasons: string[]
): VariantFit => ({
  variant,
  fit: word,
  verdict: word,
  neededBytes,
  reasons,
});

export const sampleHardware: HardwareReport = {
  chip: 'Apple M3 Pro',
  memoryBytes: 18 * 2 ** 30,
  budgetBytes: 14_495_514_624,
  bandwidthGBps: 150,
  assumed: false,
  translated: false,
  models: [
    {
      model: 'parakeet',
      recommended: 'bf16',
      variants: [
        verdict('bf16', 'runs-well', 4e9, 'Needs 4.0 GB; a machine of 18 GB can give a model 14.5 GB.'),
      ],
    },
    {
      model: 'moshi',
      recommended: 'q8',
      variants: [
        verdict('bf16', 'wont-fit', 18.5e9, 'Needs 18.5 GB; a machine of 18 GB can give a model 14.5 GB.'),
        verdict(
          'q8',
          'tight',
          11e9,
          'Needs 11.0 GB; a machine of 18 GB can give a model 14.5 GB. That leaves 3.5 GB.',
        ),
        verdict('q4', 'runs-well', 8e9, 'Needs 8.0 GB; a machine of 18 GB can give a model 14.5 GB.'),
      ],
    },
  ],
};

/** A running download; `change` overrides fields. */
export function sampleDownload(change: Partial<DownloadView> = {}): DownloadView {
  return {
    id: 'd1',
    repo: 'kyutai/moshiko-mlx-bf16',
    revision: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    model: 'moshi',
    variant: 'bf16',
    state: 'downloading',
    reason: null,
    waitReason: null,
    wait: null,
    retryAt: null,
    error: null,
    position: 0,
    receivedBytes: 6_461_966_905,
    verifiedBytes: 6_134_000_000,
    totalBytes: 15_760_894_886,
    bytesPerSecond: 4_200_000,
    etaSeconds: 2160,
    chunksDone: 121,
    chunksTotal: 294,
    streams: 4,
    snapshot: null,
    stats: {
      seconds: 900,
      downloadedBytes: 6_461_966_905,
      rescuedBytes: 0,
      wastedBytes: 0,
      retries: 0,
      secondsAfterLastByte: 0,
    },
    files: [
      {
        path: 'model.safetensors',
        size: 15_375_697_208,
        hash: 'b9a46943f30c38ebed71581b6e4ef89a1285c8d404dc3aea3af1c3efdc7395df',
        algorithm: 'sha256',
        receivedBytes: 6_461_966_905,
        verifiedBytes: 6_134_000_000,
        chunksDone: 121,
        chunksTotal: 294,
        installed: false,
      },
    ],
    ...change,
  };
}

export const sampleSettings: Settings = DEFAULT_SETTINGS;

export function sampleSnapshot(...downloads: readonly DownloadView[]): Snapshot {
  return { runId: 'run-1', seq: 0, downloads, builds: [], settings: sampleSettings };
}

export const samplePreferences: Preferences = {
  cacheDir: null,
  endpoint: null,
  proxy: null,
  notifications: true,
  menuBarIcon: true,
  startAtLogin: false,
  keepAwake: true,
};

/** The plan of a repository of three files, one of which is on disk. */
export function samplePlan(change: Partial<DownloadPlan> = {}): DownloadPlan {
  const file = (path: string, size: number, present: boolean) =>
    ({
      path,
      size,
      present,
      presentBytes: present ? size : 0,
      // Another one for each path.
      hash: Array.from(path, (letter) => letter.charCodeAt(0).toString(16))
        .join('')
        .padEnd(64, '0'),
      algorithm: 'sha256',
      chunks: Math.ceil(size / (50 * 2 ** 20)),
    }) as const;
  return {
    repo: 'org/name',
    revision: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    model: null,
    variant: null,
    files: [
      file('config.json', 2_000, false),
      file('model.safetensors', 8_000_000_000, false),
      file('tokenizer.model', 361_000, true),
    ],
    totalBytes: 8_000_363_000,
    presentBytes: 361_000,
    neededBytes: 8_000_002_000,
    freeBytes: 120_000_000_000,
    reserveBytes: 2_000_000_000,
    ...change,
  };
}
