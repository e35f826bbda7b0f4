import { setTimeout as sleep } from 'node:timers/promises';
import type { HubSite } from '../server/site.ts';
import type { TracePoint } from './measurement.ts';

/** How often the server is polled. */
export const WATCH_MS = 250;

/** Watches what a site sends until `signal` is aborted, with seconds since `startedAt` (milliseconds since the epoch). */
export async function watchTransfer(
  site: Pick<HubSite, 'progress'>,
  signal: AbortSignal,
  startedAt = Date.now(),
): Promise<TracePoint[]> {
  const points: TracePoint[] = [];
  for (let next = startedAt; !signal.aborted; next += WATCH_MS) {
    await sleep(Math.max(0, next - Date.now()), undefined, { signal }).catch(() => undefined);
    const { sentBytes, running } = await site.progress();
    points.push({ seconds: (Date.now() - startedAt) / 1000, bytes: sentBytes, streams: running });
  }
  return points;
}
