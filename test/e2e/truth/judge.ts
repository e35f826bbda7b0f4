import { isActive } from '../../../src/shared/projection/totals.ts';
import type { BarSample, Sample } from './sampler.ts';

/** A stretch of time in which the line is as it is, and the moment from which the numbers must be right. */
export interface Stretch {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * Expected by construction, where the Hub cannot measure: with a limit in the app the system's buffers take what the
   * app has not read yet. Bytes per second.
   */
  readonly knownBytesPerSecond?: number;
}

/** Numbers may take this long after a start, a pause, a limit or a wait. */
const SETTLING_MS = 2000;
/** Time left may take longer: it is not shown in the first seconds, and a ratio needs both its parts. */
const STEADY_MS = 5000;
const SPEED_TOLERANCE = 0.15;
const TIME_TOLERANCE = 0.2;
/** Speed and time left of one place are of one moment: only rounding may part them. */
const RATIO_TOLERANCE = 0.05;
/** Windows over which a speed may have been taken, in milliseconds, and how old what is shown may be: it changes four times a second. */
const WINDOWS_MS = [1000, 2000, 3000, 4000];
const SHOWN_AGE_MS = 750;
/** The menu on Linux is changed every two seconds only: each change hands the whole menu to the desktop. */
const TRAY_AGE_MS = 2750;
/** The inspector asks once a second. */
const INSPECTOR_AGE_MS = 1500;
/** On a machine that has no time to look it has none to draw either: so far back the slowest look counts. */
const BUSY_MS = 2000;

/** How many moments of a stretch can be judged at all: a test in which nothing was judged has shown nothing. */
export function judgedSamples(samples: readonly Sample[], stretch: Stretch): number {
  return settled(samples, stretch, SETTLING_MS + SHOWN_AGE_MS).length;
}

/** Sentences about samples that do not fit what the Hub really sent. */
export function speedFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return settled(samples, stretch, SETTLING_MS + SHOWN_AGE_MS).flatMap((sample) => {
    const { rows, cards, sidebar, header } = sample;
    const places = [
      ['sidebar', sidebar?.bytesPerSecond ?? 0],
      ['rows together', rows && together(rows)],
      ['cards together', cards && together(cards)],
      ['header', header && (header.bytesPerSecond ?? 0)],
    ] as const;
    return places.flatMap(([place, shown]) =>
      shown === null ? [] : fault(samples, stretch, sample, place, shown, SHOWN_AGE_MS),
    );
  });
}

const together = (bars: readonly BarSample[]) =>
  bars.reduce((sum, { bytesPerSecond }) => sum + (bytesPerSecond ?? 0), 0);

/** The same of the menu bar's menu, which is changed less often. */
export function trayFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return settled(samples, stretch, SETTLING_MS + TRAY_AGE_MS).flatMap((sample) =>
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
  tolerance = SPEED_TOLERANCE,
): readonly string[] {
  const [least, most] = trueRange(samples, stretch, sample, ageMs);
  if (shown >= least * (1 - tolerance) && shown <= most * (1 + tolerance)) return [];
  return [`${when(stretch, sample)} ${place}: ${mb(shown)}, sent ${mb(least)} to ${mb(most)}`];
}

/** Least and most bytes per second that arrived over any of the windows, ending now or up to `ageMs` ago. */
function trueRange(
  samples: readonly Sample[],
  { knownBytesPerSecond }: Stretch,
  sample: Sample,
  ageMs: number,
): readonly [number, number] {
  if (knownBytesPerSecond !== undefined) return [knownBytesPerSecond, knownBytesPerSecond];
  const rates = upTo(samples, sample, ageMs).flatMap((end) =>
    WINDOWS_MS.map((window) => rateAt(samples, end, window)),
  );
  return [Math.min(...rates), Math.max(...rates)];
}

/** The sample and those before it from which what it shows may be. */
function upTo(samples: readonly Sample[], { at }: Sample, ageMs: number): readonly Sample[] {
  const recent = samples.filter((other) => other.at <= at && other.at >= at - BUSY_MS);
  const oldest = at - ageMs - Math.max(...recent.map(({ tookMs }) => tookMs));
  return samples.filter((other) => other.at <= at && other.at >= oldest);
}

function rateAt(samples: readonly Sample[], end: Sample, windowMs: number): number {
  const start = samples.findLast(({ at }) => at <= end.at - windowMs) ?? samples[0];
  if (start === undefined || start.at === end.at) return 0;
  return (end.sentBytes - start.sentBytes) / ((end.at - start.at) / 1000);
}

/** Time left must be what is missing over what comes: of all downloads, those in the queue included. */
export function timeFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return settled(samples, stretch, STEADY_MS).flatMap((sample) => {
    const active = sample.engine.filter((view) => isActive(view) && view.state !== 'waiting');
    const missing = active.reduce((sum, view) => sum + view.totalBytes - view.receivedBytes, 0);
    const shown = sample.sidebar?.secondsLeft;
    const [least, most] = trueRange(samples, stretch, sample, SHOWN_AGE_MS);
    if (shown === undefined || missing === 0 || least === 0) return [];
    if (shown === null) return [`${when(stretch, sample)} no time left is shown`];
    const [soonest, latest] = [
      (missing / most) * (1 - TIME_TOLERANCE),
      (missing / least) * (1 + TIME_TOLERANCE),
    ];
    if (shown >= soonest - rounding(shown) && shown <= latest + rounding(shown)) return [];
    return [
      `${when(stretch, sample)} ${shown} s left, should be ${soonest.toFixed(0)} to ${latest.toFixed(0)}`,
    ];
  });
}

/** Under ten minutes the remaining time is shown in whole seconds, above in whole minutes. */
const rounding = (seconds: number) => (seconds < 600 ? 1 : 30);

/** Nothing moves: that must be shown within seconds, everywhere. */
export function silenceFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return within(samples, stretch, 4000).flatMap((sample) => {
    const said = [...(sample.rows ?? []), ...(sample.sidebar ? [sample.sidebar] : [])];
    const speeds = said.map(({ bytesPerSecond }) => bytesPerSecond ?? 0);
    const times = said.map(({ secondsLeft }) => secondsLeft);
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

/**
 * What must be so in every single sample: places agree, figures of one place fit each other, sums add up, nothing is shown that
 * the Hub has not sent, nothing goes back, nothing is full before it is ready.
 */
export function alwaysFaults(samples: readonly Sample[]): readonly string[] {
  const highest = new Map<string, number>();
  return samples.flatMap((sample, index) => {
    const bars = [...(sample.rows ?? []), ...(sample.cards ?? [])];
    const faults = [
      ...bars.flatMap((bar) => [...barFaults(bar), ...backFaults(bar, highest)]),
      ...sentFaults(sample),
      ...(isSteady(samples, index) ? sumFaults(sample) : []),
    ];
    if (sample.taskbar >= 1) faults.push(`the taskbar is full: ${sample.taskbar}`);
    const { header, sidebar } = sample;
    if (header && sidebar && header.bytesPerSecond !== null) {
      if (header.bytesPerSecond !== (sidebar.bytesPerSecond ?? 0))
        faults.push(`header ${mb(header.bytesPerSecond)}, sidebar ${mb(sidebar.bytesPerSecond ?? 0)}`);
    }
    return faults.map((text) => `sample ${index}: ${text}`);
  });
}

const isReady = ({ text }: BarSample) => /\bReady\b|^On this/m.test(text);

function barFaults(bar: BarSample): readonly string[] {
  const { name, percent, secondsLeft, valueNow, spoken, amount, bytesPerSecond } = bar;
  const faults: string[] = [];
  if (!isReady(bar) && ((percent ?? 0) >= 100 || (valueNow ?? 0) >= 100))
    faults.push(`${name} is full early`);
  if (percent !== null && spoken.percent !== null && percent !== spoken.percent)
    faults.push(`${name}: ${percent} % is spoken as ${spoken.percent}`);
  if (secondsLeft !== spoken.secondsLeft && spoken.secondsLeft !== null)
    faults.push(`${name}: ${secondsLeft} s left is spoken as ${spoken.secondsLeft}`);
  if (amount === null || !bytesPerSecond || secondsLeft === null) return faults;
  const { wholeBytes, partBytes, stepBytes } = amount;
  const seconds = (wholeBytes - partBytes) / bytesPerSecond;
  const doubt = seconds * RATIO_TOLERANCE + (1.5 * stepBytes) / bytesPerSecond + rounding(secondsLeft);
  if (Math.abs(seconds - secondsLeft) > doubt)
    faults.push(`${name}: ${secondsLeft} s left, but rest ÷ speed is ${seconds.toFixed(0)} s: “${bar.text}”`);
  return faults;
}

function backFaults(bar: BarSample, highest: Map<string, number>): readonly string[] {
  const percent = isReady(bar) ? 100 : bar.percent;
  if (percent === null) return [];
  const before = highest.get(bar.name) ?? 0;
  highest.set(bar.name, Math.max(percent, before));
  return percent < before ? [`${bar.name} went back to ${percent} %: “${bar.text}”`] : [];
}

/** Nothing was there before: what is shown as being here was sent. */
function sentFaults({ rows, sentBytes }: Sample): readonly string[] {
  const shown = (rows ?? []).reduce((sum, { amount }) => sum + (amount?.partBytes ?? 0), 0);
  return shown > sentBytes ? [`${shown} bytes are shown, ${sentBytes} were sent`] : [];
}

/** True while no download changed its state: what is shown is of the same downloads everywhere. */
function isSteady(samples: readonly Sample[], index: number): boolean {
  return new Set(samples.slice(Math.max(0, index - 4), index + 2).map(statesOf)).size === 1;
}

/** The totals in the sidebar are the sum of the rows that count. */
function sumFaults({ rows, sidebar, engine }: Sample): readonly string[] {
  const active = new Set(engine.filter(isActive).map(({ repo }) => repo));
  const amounts = rows?.filter(({ name }) => active.has(name)).map(({ amount }) => amount) ?? [];
  const total = sidebar?.amount;
  if (!total || amounts.length !== active.size || amounts.some((amount) => amount === null)) return [];
  const sum = (of: 'partBytes' | 'wholeBytes' | 'stepBytes') =>
    amounts.reduce((all, amount) => all + (amount?.[of] ?? 0), 0);
  const doubt = sum('stepBytes') + total.stepBytes;
  return (['partBytes', 'wholeBytes'] as const)
    .filter((of) => Math.abs(sum(of) - total[of]) > doubt)
    .map((of) => `${of}: rows come to ${sum(of)}, the sidebar has ${total[of]}`);
}

/** Each download has its size in its row, and all of them together are as large as they are. `sizes` are bytes by repository. */
export function sizeFaults(
  samples: readonly Sample[],
  stretch: Stretch,
  sizes: ReadonlyMap<string, number>,
): readonly string[] {
  return settled(samples, stretch, SETTLING_MS).flatMap((sample) => {
    const total = sample.sidebar?.amount;
    const wholeBytes = sample.engine
      .filter(isActive)
      .reduce((sum, { repo }) => sum + (sizes.get(repo) ?? 0), 0);
    const unknown = (sample.rows ?? []).filter((row) => row.amount === null && !isReady(row));
    if (total && Math.abs(total.wholeBytes - wholeBytes) <= total.stepBytes && unknown.length === 0)
      return [];
    const without = unknown.map(({ name }) => name).join(', ');
    return [
      `${when(stretch, sample)} ${total?.wholeBytes ?? 'no total'} of ${wholeBytes}; without a size: ${without}`,
    ];
  });
}

/** The connections in the inspector are those of the selected download: together as fast as it. */
export function connectionFaults(samples: readonly Sample[], stretch: Stretch): readonly string[] {
  return settled(samples, stretch, STEADY_MS).flatMap((sample) => {
    const { connections } = sample;
    if (connections === null || connections.length === 0) return [];
    const all = connections.reduce((sum, speed) => sum + speed, 0);
    return fault(samples, stretch, sample, 'connections', all, INSPECTOR_AGE_MS, TIME_TOLERANCE);
  });
}

/** The card of a model shows the variant that is on its way, and how far it is. */
export function cardFaults(
  samples: readonly Sample[],
  stretch: Stretch,
  model: string,
  variant: string,
): readonly string[] {
  return within(samples, stretch, SHOWN_AGE_MS).flatMap((sample) => {
    const card = sample.cards?.find(({ name }) => name === model);
    if (card?.chosen?.startsWith(variant) && card.percent !== null) return [];
    return [`${when(stretch, sample)} ${variant} is on its way, the card shows: “${card?.text}”`];
  });
}

/** As {@link within}, but also so long after any download began, stopped or ended: each of these is a start of its own. */
function settled(samples: readonly Sample[], stretch: Stretch, afterMs: number): readonly Sample[] {
  return within(samples, stretch, afterMs).filter((sample) => {
    const lately = samples.filter(({ at }) => at <= sample.at && at >= sample.at - afterMs - sample.tookMs);
    return new Set(lately.map(statesOf)).size === 1;
  });
}

const statesOf = ({ engine }: Sample) => engine.map(({ id, state }) => `${id} ${state}`).join();

function within(samples: readonly Sample[], { fromMs, toMs }: Stretch, afterMs: number): readonly Sample[] {
  return samples.filter(({ at }) => at >= fromMs + afterMs && at <= toMs);
}

const mb = (bytesPerSecond: number) => `${(bytesPerSecond / 1e6).toFixed(2)} MB/s`;
const when = ({ name, fromMs }: Stretch, { at }: Sample) =>
  `${name} +${((at - fromMs) / 1000).toFixed(1)} s:`;
