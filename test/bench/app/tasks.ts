import { readFile, rm } from 'node:fs/promises';
import type { ElectronApplication } from 'playwright';

/** Tasks of the page's main thread in a stretch of time. */
export interface TaskReport {
  readonly tasks: number;
  readonly longestMs: number;
  /** What ran inside the longest one, longest first. */
  readonly inLongest: readonly string[];
  readonly over16Ms: number;
  readonly seconds: number;
}

/** An event of Chromium's trace format. Source: "Trace Event Format", complete events ("X"), times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Traces Chromium for so long and looks at the tasks of the page's main thread. */
export async function traceTasks(
  app: ElectronApplication,
  renderer: number,
  seconds: number,
): Promise<TaskReport> {
  const file = await app.evaluate(async ({ contentTracing }, lasting) => {
    await contentTracing.startRecording({
      included_categories: ['toplevel', 'devtools.timeline', 'v8'],
      excluded_categories: ['*'],
    });
    await new Promise((resolve) => setTimeout(resolve, lasting * 1000));
    return contentTracing.stopRecording();
  }, seconds);
  try {
    const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as {
      traceEvents: readonly TraceEvent[];
    };
    return report(traceEvents, renderer, seconds);
  } finally {
    await rm(file, { force: true });
  }
}

function report(events: readonly TraceEvent[], renderer: number, seconds: number): TaskReport {
  const thread = events.find(
    ({ pid, name, args }) => pid === renderer && name === 'thread_name' && args?.name === 'CrRendererMain',
  )?.tid;
  const own = events.filter(
    ({ pid, tid, ph, dur }) => pid === renderer && tid === thread && ph === 'X' && dur !== undefined,
  );
  const tasks = own.filter(({ name }) => /RunTask|ThreadControllerImpl/.test(name));
  const longest = tasks.reduce<TraceEvent | null>(
    (best, task) => ((task.dur ?? 0) > (best?.dur ?? 0) ? task : best),
    null,
  );
  const end = longest === null ? 0 : longest.ts + (longest.dur ?? 0);
  const inside = own
    .filter((event) => longest !== null && event !== longest && event.ts >= longest.ts && event.ts < end)
    .sort((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, 5)
    .map(({ name, dur = 0 }) => `${name} ${(dur / 1000).toFixed(1)} ms`);
  return {
    tasks: tasks.length,
    longestMs: (longest?.dur ?? 0) / 1000,
    inLongest: inside,
    over16Ms: tasks.filter(({ dur = 0 }) => dur > 16_000).length,
    seconds,
  };
}
