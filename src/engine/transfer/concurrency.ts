import type { Profile } from '../../shared/model/download.ts';

/** Streams that `auto` opens on a host that it does not know. */
export const AUTO_START_STREAMS = 2;
export const AUTO_MAX_STREAMS = 16;
/** A step is judged after this time at the new number of streams. */
const TRIAL_MS = 5000;
/** A step up is kept when it raises throughput by at least this factor. */
const WORTHWHILE_GAIN = 1.05;
/** A step down is kept when throughput stays above this share: fewer streams are kinder to line and server. */
const BEARABLE_LOSS = 0.98;
/** After a step that was taken back, the next one is tried after this time; doubled each time up to the cap. */
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
  /** The step to try next. */
  readonly next: 1 | -1;
  readonly phaseStartedMs: number;
  /** Bytes and time measured in this phase, warm-up left out. */
  readonly measuredBytes: number;
  readonly measuredMs: number;
  /** How long this phase lasts. */
  readonly phaseMs: number;
  /** Wait after the next step that is taken back. */
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
  return settled({ streams, next: 1, settledMs: SETTLED_MS }, nowMs, TRIAL_MS);
}

/**
 * The state after one more observation. A step up is tried and kept if it pays; when none does any more, a step down is
 * tried now and then and kept if it costs nothing. Without the latter, the noise of a line would be taken for gains, one by one.
 */
export function observe(state: ConcurrencyState, sample: ConcurrencySample): ConcurrencyState {
  if (sample.trouble) return stepDown(state, sample.nowMs);
  const measured = measure(state, sample);
  if (measured.measuredMs < measured.phaseMs) return measured;
  const bytesPerSecond = (measured.measuredBytes * 1000) / measured.measuredMs;
  if (!state.before || isKept(state.streams, bytesPerSecond, state.before))
    return tryStep(measured, bytesPerSecond, sample.nowMs);
  const { streams } = state.before;
  const settledMs = Math.min(SETTLED_CAP_MS, state.settledMs * 2);
  const next = state.streams > streams ? -1 : 1;
  return settled({ streams, next, settledMs }, sample.nowMs, state.settledMs);
}

/** The number that proved itself: without the step that is being tried. */
export function provenStreams({ before, streams }: ConcurrencyState): number {
  return before?.streams ?? streams;
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

function isKept(
  streams: number,
  bytesPerSecond: number,
  before: { readonly streams: number; readonly bytesPerSecond: number },
): boolean {
  const share = streams > before.streams ? WORTHWHILE_GAIN : BEARABLE_LOSS;
  return bytesPerSecond >= before.bytesPerSecond * share;
}

/** Goes on in the direction that paid last, or turns round at the end of the scale. */
function tryStep(state: ConcurrencyState, bytesPerSecond: number, nowMs: number): ConcurrencyState {
  if (state.streams >= AUTO_MAX_STREAMS && state.next === 1) {
    return settled({ ...state, next: -1 }, nowMs, SETTLED_CAP_MS);
  }
  // With a single stream one drop would be silence: only trouble goes that low.
  const next = state.streams <= AUTO_START_STREAMS ? 1 : state.next;
  return {
    streams: state.streams + next,
    before: { streams: state.streams, bytesPerSecond },
    next,
    ...unmeasured(nowMs, TRIAL_MS),
    settledMs: state.before ? SETTLED_MS : state.settledMs,
  };
}

function stepDown(state: ConcurrencyState, nowMs: number): ConcurrencyState {
  const streams = Math.max(1, state.streams - 1);
  return settled({ streams, next: 1, settledMs: state.settledMs }, nowMs, SETTLED_MS);
}

function settled(
  { streams, next, settledMs }: Pick<ConcurrencyState, 'streams' | 'next' | 'settledMs'>,
  nowMs: number,
  phaseMs: number,
): ConcurrencyState {
  return { streams, before: null, next, ...unmeasured(nowMs, phaseMs), settledMs };
}

function unmeasured(nowMs: number, phaseMs: number) {
  return { phaseStartedMs: nowMs, measuredBytes: 0, measuredMs: 0, phaseMs };
}
