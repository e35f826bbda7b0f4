import type { Sample } from './sampler.ts';

/** A stretch of time in which the line is as it is, and the moment from which the numbers must be right. */
export interface Stretch {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * What comes by construction, where the Hub cannot tell: with a limit in the app the system's buffers take what the app has not read
   * yet. Bytes per second.
   */
  readonly knownBytesPerSecond?: number;
}

/** Numbers may take this long after a start, a pause, a limit or a wait. */
const SETTLING_MS = 2000;
/** Time left may take longer: it is not shown in the first seconds, and a ratio needs both its parts. */
const STEADY_MS = 5000;
const SPEED_TOLERANCE = 0.15;
const TIME_TOLERANCE = 0.2;
/** Windows over which a speed may have been taken, in milliseconds, and how old what is shown may be: it changes four times a second. */
const WINDOWS_MS = [1000, 2000, 3000, 4000];
const SHOWN_AGE_MS = 750;
/** The menu on Linux is changed every two seconds only: each change hands the whole menu to the desktop. */
const TRAY_AGE_MS = 2750;

/** Sentences about samples that do not fit what the Hub really sent. */
export function speedFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return within(samples, stretch, SETTLING_MS + SHOWN_AGE_MS).flatMap((sample) => {
    const shown = sample.rows.reduce((sum, row) => sum + (row.bytesPerSecond ?? 0), 0);
    return [
      fault(samples, stretch, sample, 'rows together', shown, SHOWN_AGE_MS),
      fault(samples, stretch, sample, 'sidebar', sample.sidebar?.bytesPerSecond ?? 0, SHOWN_AGE_MS),
      fault(samples, stretch, sample, 'header', sample.header.bytesPerSecond ?? 0, SHOWN_AGE_MS),
    ].flat();
  });
}

/** The same of the menu bar's menu, which is changed less often. */
export function trayFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return within(samples, stretch, SETTLING_MS + TRAY_AGE_MS).flatMap((sample) =>
    fault(samples, stretch, sample, 'menu bar', sample.tray.bytesPerSecond ?? 0, TRAY_AGE_MS),
  );
}

function fault(
  samples: readonly Sample[],
  stretch: Stretch,
  sample: Sample,
  place: string,
  shown: number,
  ageMs: number,
): readonly string[] {
  const [least, most] = trueRange(samples, stretch, sample, ageMs);
  if (shown >= least * (1 - SPEED_TOLERANCE) && shown <= most * (1 + SPEED_TOLERANCE)) return [];
  return [`${when(stretch, sample)} ${place}: ${mb(shown)}, sent ${mb(least)} to ${mb(most)}`];
}

/** Least and most bytes per second that arrived over any of the windows, ending now or up to `ageMs` ago. */
function trueRange(
  samples: readonly Sample[],
  { knownBytesPerSecond }: Stretch,
  { at }: Sample,
  ageMs: number,
): readonly [number, number] {
  if (knownBytesPerSecond !== undefined) return [knownBytesPerSecond, knownBytesPerSecond];
  const rates = samples
    .filter((end) => end.at <= at && end.at >= at - ageMs)
    .flatMap((end) => WINDOWS_MS.map((window) => rateAt(samples, end, window)));
  return [Math.min(...rates), Math.max(...rates)];
}

function rateAt(samples: readonly Sample[], end: Sample, windowMs: number): number {
  const start = samples.findLast(({ at }) => at <= end.at - windowMs) ?? samples[0];
  if (start === undefined || start.at === end.at) return 0;
  return (end.sentBytes - start.sentBytes) / ((end.at - start.at) / 1000);
}

/** Time left must be what is missing over what comes. */
export function timeFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return within(samples, stretch, STEADY_MS).flatMap((sample) => {
    const active = sample.engine.filter(({ state }) => state === 'downloading' || state === 'queued');
    const missing = active.reduce((sum, view) => sum + view.totalBytes - view.receivedBytes, 0);
    const shown = sample.sidebar?.secondsLeft;
    const [least, most] = trueRange(samples, stretch, sample, SHOWN_AGE_MS);
    if (shown === undefined || missing === 0 || least === 0) return [];
    if (shown === null) return [`${when(stretch, sample)} no time left is shown`];
    const [soonest, latest] = [
      (missing / most) * (1 - TIME_TOLERANCE),
      (missing / least) * (1 + TIME_TOLERANCE),
    ];
    // Under a minute it is told in whole seconds, above in whole minutes.
    const rounding = shown < 60 ? 1 : 30;
    if (shown >= soonest - rounding && shown <= latest + rounding) return [];
    return [
      `${when(stretch, sample)} ${shown} s left, should be ${soonest.toFixed(0)} to ${latest.toFixed(0)}`,
    ];
  });
}

/** Nothing moves: that is to be said within seconds, everywhere. */
export function silenceFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return within(samples, stretch, 4000).flatMap((sample) => {
    const speeds = [
      ...sample.rows.map((row) => row.bytesPerSecond ?? 0),
      sample.sidebar?.bytesPerSecond ?? 0,
    ];
    const times = [...sample.rows.map((row) => row.secondsLeft), sample.sidebar?.secondsLeft ?? null];
    return [
      ...(speeds.some((speed) => speed > 0)
        ? [`${when(stretch, sample)} a speed is shown: ${speeds.map(mb)}`]
        : []),
      ...(times.some((time) => time !== null)
        ? [`${when(stretch, sample)} a time left is shown: ${times}`]
        : []),
    ];
  });
}

/** What must be so in every single sample: places agree, nothing goes back, nothing is full before it is ready. */
export function alwaysFaults(samples: readonly Sample[]): readonly string[] {
  const highest = new Map<string, number>();
  return samples.flatMap((sample, index) => {
    const faults: string[] = [];
    for (const row of sample.rows) {
      const isReady = /\bReady\b/.test(row.text);
      if (!isReady && ((row.percent ?? 0) >= 100 || (row.valueNow ?? 0) >= 100))
        faults.push(`${row.name} is full early`);
      if (row.percent !== null && row.spoken.percent !== null && row.percent !== row.spoken.percent)
        faults.push(`${row.name}: ${row.percent} % is spoken as ${row.spoken.percent}`);
      if (row.secondsLeft !== row.spoken.secondsLeft && row.spoken.secondsLeft !== null)
        faults.push(`${row.name}: ${row.secondsLeft} s left is spoken as ${row.spoken.secondsLeft}`);
      const percent = isReady ? 100 : (row.percent ?? 0);
      if (percent < (highest.get(row.name) ?? 0))
        faults.push(`${row.name} went back to ${percent} %: “${row.text}”`);
      highest.set(row.name, Math.max(percent, highest.get(row.name) ?? 0));
    }
    if (sample.taskbar >= 1) faults.push(`the taskbar is full: ${sample.taskbar}`);
    if (sample.header.bytesPerSecond !== null && sample.sidebar !== null) {
      if (sample.header.bytesPerSecond !== (sample.sidebar.bytesPerSecond ?? 0))
        faults.push(
          `header ${mb(sample.header.bytesPerSecond)}, sidebar ${mb(sample.sidebar.bytesPerSecond ?? 0)}`,
        );
    }
    return faults.map((text) => `sample ${index}: ${text}`);
  });
}

/** The connections in the inspector are those of the selected download: together as fast as it. */
export function connectionFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return within(samples, stretch, STEADY_MS).flatMap((sample) => {
    const { connections } = sample;
    if (connections === null || connections.length === 0) return [];
    const together = connections.reduce((sum, speed) => sum + speed, 0);
    const [least, most] = trueRange(samples, stretch, sample, 1500);
    if (together >= least * (1 - TIME_TOLERANCE) && together <= most * (1 + TIME_TOLERANCE)) return [];
    return [`${when(stretch, sample)} connections: ${mb(together)}, sent ${mb(least)} to ${mb(most)}`];
  });
}

function within(samples: readonly Sample[], { fromMs, toMs }: Stretch, afterMs: number): readonly Sample[] {
  return samples.filter(({ at }) => at >= fromMs + afterMs && at <= toMs);
}

const mb = (bytesPerSecond: number) => `${(bytesPerSecond / 1e6).toFixed(2)} MB/s`;
const when = ({ name, fromMs }: Stretch, { at }: Sample) =>
  `${name} +${((at - fromMs) / 1000).toFixed(1)} s:`;
