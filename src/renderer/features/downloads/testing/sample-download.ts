import type { DownloadView } from '../../../../shared/model/download.ts';

/** A download of Moshi BF16 in the middle, for tests and for looking at; `over` changes what matters. */
export function sampleDownload(over: Partial<DownloadView> = {}): DownloadView {
  return {
    id: 'moshi',
    repo: 'kyutai/moshiko-mlx-bf16',
    revision: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
    model: 'moshi',
    variant: 'bf16',
    state: 'downloading',
    reason: null,
    waitReason: null,
    retryAt: null,
    error: null,
    position: 0,
    receivedBytes: 6_313_000_000,
    verifiedBytes: 6_291_456_000,
    totalBytes: 15_375_697_208,
    bytesPerSecond: 4_200_000,
    etaSeconds: 2157,
    chunksDone: 121,
    chunksTotal: 294,
    streams: 4,
    snapshot: null,
    stats: {
      seconds: 1500,
      downloadedBytes: 6_313_000_000,
      rescuedBytes: 0,
      wastedBytes: 0,
      retries: 0,
      secondsAfterLastByte: 0,
    },
    files: [
      {
        path: 'model.safetensors',
        size: 15_375_000_000,
        hash: 'a'.repeat(64),
        algorithm: 'sha256',
        receivedBytes: 6_313_000_000,
        verifiedBytes: 6_291_456_000,
        chunksDone: 121,
        chunksTotal: 294,
        installed: false,
      },
    ],
    ...over,
  };
}
