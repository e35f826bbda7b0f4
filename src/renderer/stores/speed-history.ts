/** Speeds of a download in chronological order, in a ring of fixed size: a new one replaces the oldest. */
export interface SpeedHistory {
  /** Seconds since 1970, as the graph wants them. */
  readonly atSeconds: Float64Array;
  /** NaN where there is no speed because it was idle. */
  readonly bytesPerSecond: Float64Array;
  /** Where the next sample goes. */
  next: number;
  count: number;
}

/** Samples kept: one a second, three minutes. */
export const SPEED_SAMPLES = 180;

export function createSpeedHistory(capacity = SPEED_SAMPLES): SpeedHistory {
  return {
    atSeconds: new Float64Array(capacity),
    bytesPerSecond: new Float64Array(capacity),
    next: 0,
    count: 0,
  };
}

/** Marks it as idle from here on: a graph has a gap there, and no dip. */
export function addRest(history: SpeedHistory, atSeconds: number): void {
  if (history.count > 0) addSpeed(history, atSeconds, Number.NaN);
}

/** Adds a sample. A second sample within the same second replaces the first: the newest speed counts. */
export function addSpeed(history: SpeedHistory, atSeconds: number, bytesPerSecond: number): void {
  const capacity = history.atSeconds.length;
  const second = Math.floor(atSeconds);
  const last = (history.next + capacity - 1) % capacity;
  if (history.count > 0 && history.atSeconds[last] === second) {
    history.bytesPerSecond[last] = bytesPerSecond;
    return;
  }
  history.atSeconds[history.next] = second;
  history.bytesPerSecond[history.next] = bytesPerSecond;
  history.next = (history.next + 1) % capacity;
  history.count = Math.min(capacity, history.count + 1);
}

/** Returns the samples of the last `seconds` before `nowSeconds`, oldest first, as two columns. */
export function recentSpeeds(
  history: SpeedHistory,
  nowSeconds: number,
  seconds = SPEED_SAMPLES,
): readonly [number[], number[]] {
  const capacity = history.atSeconds.length;
  const times: number[] = [];
  const speeds: number[] = [];
  for (let age = history.count; age > 0; age -= 1) {
    const at = (history.next + capacity - age) % capacity;
    const time = history.atSeconds[at] ?? 0;
    if (time < nowSeconds - seconds) continue;
    times.push(time);
    speeds.push(history.bytesPerSecond[at] ?? 0);
  }
  return [times, speeds];
}

/**
 * Silence after which a speed is no longer current, in seconds; the engine reports an active download once a second.
 */
const STALE_SECONDS = 3;

/** Returns the same speeds up to now: 0 since they ended, so that a graph moves on during silence. */
export function untilNow(
  [times, speeds]: readonly [number[], number[]],
  nowSeconds: number,
): readonly [number[], number[]] {
  const last = times.at(-1);
  if (last === undefined || nowSeconds - last <= STALE_SECONDS) return [times, speeds];
  // An idle download has no speed, not even 0.
  if (Number.isNaN(speeds.at(-1)))
    return [
      [...times, nowSeconds],
      [...speeds, Number.NaN],
    ];
  return [
    [...times, last + 1, nowSeconds],
    [...speeds, 0, 0],
  ];
}

/** The highest of these speeds; 0 when there is none. */
export function peakOf(speeds: readonly number[]): number {
  return speeds.reduce((peak, speed) => (speed > peak ? speed : peak), 0);
}
