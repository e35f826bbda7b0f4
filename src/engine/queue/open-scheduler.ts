import { performance } from 'node:perf_hooks';
import type { AppError } from '../../shared/contract/errors.ts';
import type { DownloadContext } from '../contents/context.ts';
import { TransferScheduler } from '../transfer/scheduler.ts';
import type { Download } from './download.ts';

/** This many bytes must have been downloaded before the number of streams says something about a host. */
const TELLING_BYTES = 100_000_000;

/** Creates the scheduler of one download, which counts into it and reports every retry. */
export function openScheduler(
  download: Download,
  context: DownloadContext,
  onFatal: (error: AppError) => void,
): TransferScheduler {
  const { hub, hostBackoff, rangeSupport, clock, checkpointer, limiter, ledger, emit } = context;
  const { id, row } = download;
  return new TransferScheduler(
    {
      hostBackoff,
      rangeSupport,
      now: clock.monotonic,
      hold: (bytes) => either(checkpointer.hold(), limiter.take(bytes)),
      onArrived: (bytes, unwanted, from) => {
        download.received(bytes, from);
        download.countWasted(unwanted);
      },
      onRetry: ({ item, chunk, attempt, delayMs, error: { code, message, details } }) => {
        download.countRetry();
        emit({
          event: 'retry',
          download: id,
          path: item.path,
          chunk,
          attempt,
          code,
          message,
          details,
          delayMs,
        });
      },
      onSingleStream: ({ path }, host) => {
        const message = `${host} can’t send parts of a file. ${path} is downloaded over one connection, from its beginning.`;
        const what = { path, chunk: 0, attempt: 1, code: 'RangeUnsupported', message, delayMs: 0 } as const;
        emit({ event: 'retry', download: id, ...what });
      },
      onFatal,
    },
    {
      profile: row.options.profile ?? ledger.settings.get().profile,
      workers: row.options.workers,
      remembered: ledger.hosts.streams(hub.endpoint.host),
      busyShare: eventLoopBusyShare(),
    },
  );
}

/** Returns a function that measures how busy the event loop was since the last call. */
function eventLoopBusyShare(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

/** Remembers the number of streams that `auto` found, for the next download from this Hub. */
export function rememberStreams(
  download: Download,
  pool: TransferScheduler,
  { ledger, hub, clock }: DownloadContext,
): void {
  if (download.throughput.totalBytes < TELLING_BYTES || !pool.isMeasuring) return;
  // With peers, the number of streams says nothing about the Hub.
  if (download.broughtBy.some(({ kind }) => kind === 'peer')) return;
  ledger.hosts.remember(hub.endpoint.host, pool.provenStreams, clock.now());
}

/** Waits for both, where there are any. */
function either(a: Promise<void> | undefined, b: Promise<void> | undefined): Promise<void> | undefined {
  return a && b ? Promise.all([a, b]).then(() => undefined) : (a ?? b);
}
