import type { Profile } from '../../shared/model/download.ts';

/** Streams that `auto` opens on a host that it does not know. */
export const AUTO_START_STREAMS = 2;
export const AUTO_MAX_STREAMS = 16;
/** A step is judged after this time at the new number of streams. */
const TRIAL_MS = 5000;
/** A step up is kept when it raises throughput by at least this factor. */
const WORTHWHILE_GAIN = 1.05;
/** After a step that did not pay, the next one is tried after this time; doubled each time up to the cap. */
const SETTLED_MS = 30_000;
const SETTLED_CAP_MS = 300_000;
/** Time at the start of a trial that is not measured: connections open and windows grow. */
const WARM_UP_MS = 1000;

/** Streams of the profiles that do not measure. */
const FIXED_STREAMS = { fast: 10, weak: 5, 'very-weak': 1 } as const;

/** What the controller knows. A plain value, so that recorded traces can be replayed through {@link observe}. */
export interface ConcurrencyState {
  readonly streams: number;
  /** Number and throughput before the step that is being tried; null when none is. */
  readonly before: { readonly streams: number; readonly bytesPerSecond: number } | null;
  readonly phaseStartedMs: number;
  /** Bytes and time measured in this phase, warm-up left out. */
  readonly measuredBytes: number;
  readonly measuredMs: number;
  /** How long this phase lasts. */
  readonly phaseMs: number;
  /** Wait after the next step that does not pay. */
  readonly settledMs: number;
}

/** What happened since the last observation. */
export interface ConcurrencySample {
  readonly nowMs: number;
  readonly elapsedMs: number;
  readonly bytes: number;
  /** Streams that were really open. */
  readonly openStreams: number;
  /** A 429, a timeout or a stall happened. */
  readonly trouble: boolean;
}

/** The state to start with: what paid off on this host before, or {@link AUTO_START_STREAMS}. */
export function startConcurrency(nowMs: number, remembered: number | null): ConcurrencyState {
  const streams = Math.min(AUTO_MAX_STREAMS, Math.max(1, remembered ?? AUTO_START_STREAMS));
  return phase(streams, null, nowMs, TRIAL_MS, SETTLED_MS);
}

/** The state after one more observation: a step up is tried, kept if it pays, and taken back if not. */
export function observe(state: ConcurrencyState, sample: ConcurrencySample): ConcurrencyState {
  if (sample.trouble) return stepDown(state, sample.nowMs);
  const measured = measure(state, sample);
  if (measured.measuredMs < measured.phaseMs) return measured;
  const bytesPerSecond = (measured.measuredBytes * 1000) / measured.measuredMs;
  if (state.before && bytesPerSecond < state.before.bytesPerSecond * WORTHWHILE_GAIN) {
    const next = Math.min(SETTLED_CAP_MS, state.settledMs * 2);
    return phase(state.before.streams, null, sample.nowMs, state.settledMs, next);
  }
  return stepUp(measured, bytesPerSecond, sample.nowMs);
}

/** How many streams to open, and whether that is measured, for a profile and an optional fixed number. */
export function fixedStreams(profile: Profile, workers: number | undefined): number | null {
  if (workers !== undefined) return workers;
  return profile === 'auto' ? null : FIXED_STREAMS[profile];
}

function measure(state: ConcurrencyState, sample: ConcurrencySample): ConcurrencyState {
  const warm = sample.nowMs - state.phaseStartedMs > WARM_UP_MS;
  // While fewer streams are open than wanted (too little work left), the number says nothing about the line.
  if (!warm || sample.openStreams < state.streams) return state;
  return {
    ...state,
    measuredBytes: state.measuredBytes + sample.bytes,
    measuredMs: state.measuredMs + sample.elapsedMs,
  };
}

function stepUp(state: ConcurrencyState, bytesPerSecond: number, nowMs: number): ConcurrencyState {
  if (state.streams >= AUTO_MAX_STREAMS)
    return phase(state.streams, null, nowMs, SETTLED_CAP_MS, state.settledMs);
  const before = { streams: state.streams, bytesPerSecond };
  return phase(state.streams + 1, before, nowMs, TRIAL_MS, SETTLED_MS);
}

function stepDown(state: ConcurrencyState, nowMs: number): ConcurrencyState {
  return phase(Math.max(1, state.streams - 1), null, nowMs, SETTLED_MS, state.settledMs);
}

function phase(
  streams: number,
  before: ConcurrencyState['before'],
  nowMs: number,
  phaseMs: number,
  settledMs: number,
): ConcurrencyState {
  return { streams, before, phaseStartedMs: nowMs, measuredBytes: 0, measuredMs: 0, phaseMs, settledMs };
}
