import type { EngineEvent } from '../../shared/contract/events.ts';
import type { DownloadInspection, FileInspection } from '../../shared/model/inspection.ts';

const small = (path: string, size: number): FileInspection => ({
  path,
  size,
  algorithm: 'git-sha1',
  expectedHash: 'c'.repeat(40),
  foundHash: 'c'.repeat(40),
  hashedBytes: size,
  chunkSizeBytes: 52_428_800,
  chunkRuns: [{ state: 'done', count: 1 }],
});

const event = (body: object, seq: number) =>
  ({ seq, time: '2026-01-05T12:00:00.000Z', download: 'moshi', ...body }) as EngineEvent;

/** A Moshi BF16 in progress: 30 chunks rescued, 64 proved, 27 done, 4 being received. */
export function sampleInspection(): DownloadInspection {
  return {
    id: 'moshi',
    commit: '0123456789abcdef0123456789abcdef01234567',
    stats: {
      seconds: 90,
      downloadedBytes: 4_700_000_000,
      rescuedBytes: 1_572_864_000,
      wastedBytes: 52_428_800,
      retries: 7,
      secondsAfterLastByte: 0,
    },
    files: [
      {
        path: 'model.safetensors',
        size: 15_375_697_208,
        algorithm: 'sha256',
        expectedHash: 'a'.repeat(64),
        foundHash: null,
        hashedBytes: 6_000_000_000,
        chunkSizeBytes: 52_428_800,
        chunkRuns: [
          { state: 'rescued', count: 30 },
          { state: 'proved', count: 64 },
          { state: 'done', count: 27 },
          { state: 'receiving', count: 4 },
          { state: 'waiting', count: 169 },
        ],
      },
      small('config.json', 1200),
      small('README.md', 900),
    ],
    streams: [
      {
        host: 'cdn.test',
        path: 'model.safetensors',
        chunk: 121,
        bytesPerSecond: 1_100_000,
        receivedBytes: 1,
        silentSeconds: 0,
      },
      {
        host: 'cdn.test',
        path: 'model.safetensors',
        chunk: 122,
        bytesPerSecond: 0,
        receivedBytes: 1,
        silentSeconds: 7,
      },
    ],
    events: [
      event(
        { event: 'rescued', path: 'model.safetensors', bytes: 1_572_864_000, chunks: 30, source: 'partial' },
        1,
      ),
      event({ event: 'repaired', path: 'model.safetensors', chunk: 100, bytes: 52_428_800 }, 2),
    ],
  };
}
