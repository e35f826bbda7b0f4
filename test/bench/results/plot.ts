import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TracePoint } from '../measure/measurement.ts';
import type { Series, Summary } from './summary.ts';
import { type Plot, svgPlot } from './svg-plot.ts';

/** What the group `weak` keeps of each line. */
export interface WeakLineData {
  readonly line: { readonly name: string; readonly meaning: string };
  readonly series: readonly Series[];
}

/** What the group `fast` keeps: of one size, or of several. */
export interface FastData {
  readonly bytes: number;
  readonly summaries: readonly Summary[];
  readonly sizes?: readonly { readonly bytes: number; readonly summaries: readonly Summary[] }[];
}

/** Results by group, as they are written to JSON. */
export type GroupData = Readonly<Record<string, { readonly data: unknown }>>;

/** Throughput is the mean of so long. */
const MEAN_SECONDS = 1;
/** Whose choice of streams is shown. */
const CHOOSER = 'haulyard auto';

/** Writes the plots of all groups that there are results of into a folder, as SVG. Returns the names of the files. */
export async function writePlots(folder: string, groups: GroupData): Promise<string[]> {
  const plots = { ...weakPlots(groups.weak?.data), ...fastPlots(groups.fast?.data) };
  await mkdir(folder, { recursive: true });
  for (const [name, plot] of Object.entries(plots)) await writeFile(join(folder, name), svgPlot(plot));
  return Object.keys(plots);
}

/** Plots of the weak lines by file name; of a group that failed none. */
export function weakPlots(data: unknown): Record<string, Plot> {
  if (!Array.isArray(data)) return {};
  const lines: readonly WeakLineData[] = data;
  const plots: Record<string, Plot> = {};
  for (const { line, series } of lines) {
    const curves = series.map(({ name, runs }) => ({ name, points: throughput(middleTrace(runs)) }));
    plots[`weak-${line.name.replaceAll(' ', '-')}.svg`] = {
      title: `Throughput on the weak line "${line.name}"`,
      xLabel: 'seconds since the start of the program',
      yLabel: 'MB/s',
      curves,
    };
  }
  plots['weak-streams.svg'] = {
    title: `Streams that "auto" chose`,
    xLabel: 'seconds since the start of the program',
    yLabel: 'streams',
    steps: true,
    curves: lines.map(({ line, series }) => ({
      name: line.name,
      points: openStreams(middleTrace(series.find(({ name }) => name === CHOOSER)?.runs ?? [])),
    })),
  };
  return plots;
}

/** Time against size on the fast line by file name; nothing while there is only one size. */
export function fastPlots(data: unknown): Record<string, Plot> {
  if (!isFastData(data)) return {};
  const sizes = (data.sizes ?? [data]).toSorted((a, b) => a.bytes - b.bytes);
  if (sizes.length < 2) return {};
  const names = [...new Set(sizes.flatMap(({ summaries }) => summaries.map(({ name }) => name)))];
  const pointsOf = (wanted: string) =>
    sizes.flatMap(({ bytes, summaries }): [number, number][] => {
      const seconds = summaries.find(({ name }) => name === wanted)?.medianSeconds ?? null;
      return seconds === null ? [] : [[bytes / 2 ** 30, seconds]];
    });
  return {
    'fast-time.svg': {
      title: 'Time to verified on the fast line',
      xLabel: 'GiB',
      yLabel: 'seconds',
      marks: true,
      curves: names.map((name) => ({ name, points: pointsOf(name) })),
    },
  };
}

function isFastData(data: unknown): data is FastData {
  return typeof data === 'object' && data !== null && 'summaries' in data;
}

/** The course of the run whose time is in the middle. */
function middleTrace(runs: Series['runs']): readonly TracePoint[] {
  const watched = runs.filter(({ trace }) => trace !== undefined).toSorted((a, b) => a.seconds - b.seconds);
  return watched[Math.floor((watched.length - 1) / 2)]?.trace ?? [];
}

/** MB/s of each second. */
function throughput(trace: readonly TracePoint[]): [number, number][] {
  const points: [number, number][] = [];
  let last: TracePoint = { seconds: 0, bytes: 0, streams: 0 };
  for (const point of trace) {
    const seconds = point.seconds - last.seconds;
    if (seconds < MEAN_SECONDS * 0.95) continue;
    points.push([point.seconds, (point.bytes - last.bytes) / seconds / 1e6]);
    last = point;
  }
  return points;
}

function openStreams(trace: readonly TracePoint[]): [number, number][] {
  return trace.map(({ seconds, streams }) => [seconds, streams]);
}
