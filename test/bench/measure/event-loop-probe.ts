import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded with `node --import` before a program: measures how late the timers of its main thread are and writes that as
 * JSON to the file that BENCH_EVENT_LOOP names when the program ends. The program itself is not changed.
 */
const RESOLUTION_MS = 2;

const file = process.env.BENCH_EVENT_LOOP;
if (isMainThread && file !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  process.on('exit', () => {
    histogram.disable();
    // The histogram holds whole intervals; what is beyond the resolution is the delay.
    const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const p50Ms = delayMs(histogram.percentile(50));
    const p99Ms = delayMs(histogram.percentile(99));
    writeFileSync(file, JSON.stringify({ p50Ms, p99Ms, maxMs: delayMs(histogram.max) }));
  });
}
