import type { DownloadView } from '../../shared/model/download.ts';
import { createFakeEngine, type FakeAnswers } from './fake-engine.ts';
import { createFakeIo, type FakeIoOptions } from './fake-io.ts';
import { runCli } from './run-cli.ts';
import { CATALOG, downloadView, snapshotOf, WEIGHTS_BYTES } from './samples.ts';

const STATS = {
  seconds: 3700,
  downloadedBytes: 15_000_000_000,
  rescuedBytes: 375_697_208,
  wastedBytes: 1_300_000,
  retries: 3,
  secondsAfterLastByte: 1,
};
/** Body of the event that ends a download successfully. */
export const done = (download = 'd1') => ({
  event: 'done' as const,
  download,
  snapshot: '/cache/snapshot',
  files: [
    {
      path: 'model.safetensors',
      blob: '/cache/blob',
      size: WEIGHTS_BYTES,
      hash: 'ab',
      check: 'hashed' as const,
    },
  ],
  stats: STATS,
});
/** Body of the event that ends a download with an error. */
export const failed = (download = 'd1') => ({
  event: 'failed' as const,
  download,
  code: 'HashMismatch' as const,
  message: 'The hash is wrong.',
  retryable: false,
});

/** Starts a command line against an engine with `views`; the caller plays the engine's events. */
export function start(
  line: string,
  views: readonly DownloadView[] = [downloadView()],
  options: FakeIoOptions = {},
  over: FakeAnswers = {},
) {
  const io = createFakeIo(options);
  const engine = createFakeEngine({
    'catalog.get': () => CATALOG,
    'downloads.add': () => ({ id: 'd1' }),
    'downloads.resume': () => undefined,
    snapshot: () => snapshotOf(views),
    ...over,
  });
  return { io, engine, code: runCli(line, engine, io) };
}
