import type { Profile } from '../../shared/model/download.ts';

/** Number of streams that `auto` opens on an unknown host. */
export const AUTO_START_STREAMS = 4;
export const AUTO_MAX_STREAMS = 16;
/** With a single stream, one dropped connection would stop all progress: only trouble lowers the number this far. */
const MIN_STREAMS = 2;
/** First look at a host, before there is anything to compare. */
const FIRST_LOOK_MS = 500;
/**
 * Time after which a step is judged, divided by the step's share of the streams before it: a smaller expected
 * difference takes longer to measure.
 */
const TRIAL_MS = 500;
const TRIAL_MIN_MS = 1000;
const TRIAL_MAX_MS = 5000;
/** A large step that already gains nearly the maximum needs no longer look. */
const EARLY_MS = 500;
const EARLY_GAIN = 0.75;
const LARGE_STEP = 0.25;
/**
 * When this process was busy for this share of the time, the process is the limit rather than the link: more streams
 * would only take CPU that hashing needs.
 */
const BUSY_SHARE = 0.85;
/**
 * A step that gains at least this share of its maximum (twice the streams, twice the throughput) is followed by a
 * larger one.
 */
const FULL_GAIN = 0.5;
/** A step up of one stream is kept when it raises throughput by at least this factor. */
const WORTHWHILE_GAIN = 1.05;
/** A step down is kept when throughput stays above this share: fewer streams are kinder to the link and the server. */
const BEARABLE_LOSS = 0.98;
/** Margin above the calculated number of streams: one too few costs its whole share, one too many next to nothing. */
const KNEE_MARGIN = 1.2;
/** The calculated number is observed for this long before single steps begin. */
const KNEE_LOOK_MS = 2000;
/** A large step after which less than this share of the throughput remains does harm; half the step may not. */
const HARMFUL_SHARE = 0.95;
/** Time before the next step after one was reverted; doubled each time up to the cap. */
const SETTLED_MS = 30_000;
const SETTLED_CAP_MS = 300_000;
/**
 * Time left out of the measurement after all streams have responded, while TCP windows grow. On long-distance links it
 * is as long as the responses took.
 */
const WARM_UP_MS = 250;
const WARM_UP_CAP_MS = 2000;
/** One in this many streams may be between two requests without spoiling the measurement. */
const STREAMS_PER_GAP = 8;

/** Number of streams in the profiles that do not measure. */
const FIXED_STREAMS = { fast: 10, weak: 5, 'very-weak': 1 } as const;

/** Throughput measured with a number of streams. */
interface Measured {
  readonly streams: number;
  readonly bytesPerSecond: number;
}

/** State of the controller. A plain value, so that recorded traces can be replayed through {@link observe}. */
export interface ConcurrencyState {
  readonly streams: number;
  /** Number of streams and throughput before the step being tried; null when there is none. */
  readonly before: Measured | null;
  /** The step to try next: the number of streams to add or remove. */
  readonly step: number;
  /** When all streams of this phase were first open, and when all had responded; null before that. */
  readonly openedMs: number | null;
  readonly answeredMs: number | null;
  /** Bytes and time measured in this phase, without the warm-up. */
  readonly measuredBytes: number;
  readonly measuredMs: number;
  /** Part of the measured time in which this process was busy. */
  readonly busyMs: number;
  /** Length of this phase. */
  readonly phaseMs: number;
  /** Wait after the next reverted step. */
  readonly settledMs: number;
}

/** What happened since the last observation. */
export interface ConcurrencySample {
  readonly nowMs: number;
  readonly elapsedMs: number;
  readonly bytes: number;
  /** Streams that were actually open, and how many of them had a response. */
  readonly openStreams: number;
  readonly answeredStreams: number;
  /** Share of the time that this process was busy; 0 when unknown. */
  readonly busyShare?: number;
  /** True after a 429, a timeout, or more stalls than usual. */
  readonly trouble: boolean;
}

/**
 * Returns the initial state: the number that paid off on this host before, or {@link AUTO_START_STREAMS} and a steep
 * climb.
 */
export function startConcurrency(remembered: number | null): ConcurrencyState {
  const streams = Math.min(AUTO_MAX_STREAMS, Math.max(1, remembered ?? AUTO_START_STREAMS));
  const isKnown = remembered !== null && remembered >= AUTO_START_STREAMS;
  return isKnown
    ? settled({ streams, step: 1, settledMs: SETTLED_MS }, TRIAL_MAX_MS)
    : settled({ streams, step: streams, settledMs: SETTLED_MS }, FIRST_LOOK_MS);
}

/**
 * Returns the state after one more observation. Steps up double as long as they gain about as much as they could. The
 * first one that does not shows the capacity of the link, and from that the number of streams it takes. Then single
 * streams are added while they pay. When none pays any more, one fewer is tried from time to time and kept if it costs
 * nothing: otherwise noise would be mistaken for gains, one stream at a time.
 */
export function observe(state: ConcurrencyState, sample: ConcurrencySample): ConcurrencyState {
  if (sample.trouble) return stepDown(state);
  const watched = watch(state, sample);
  const { before, streams } = watched;
  const measured = { streams, bytesPerSecond: rateOf(watched) };
  if (watched.measuredMs < watched.phaseMs) {
    return before && isEarlyGain(before, measured, watched.measuredMs) ? goOn(watched, measured) : watched;
  }
  if (!before) return tryStep(watched, measured.bytesPerSecond);
  if (streams < before.streams) return judgeDown(watched, before, measured);
  const isWorthwhile = measured.bytesPerSecond >= before.bytesPerSecond * WORTHWHILE_GAIN;
  if (isWorthwhile && gainShare(before, measured) >= FULL_GAIN) return goOn(watched, measured);
  if (streams - before.streams > 1) return settleAtKnee(watched, before, measured);
  return isWorthwhile
    ? tryStep({ ...watched, step: 1, settledMs: SETTLED_MS }, measured.bytesPerSecond)
    : takeBack(watched, before, -1);
}

/** The number that has proved itself: without the step being tried. */
export function provenStreams({ before, streams }: ConcurrencyState): number {
  return before?.streams ?? streams;
}

/**
 * Returns how many streams a profile and an optional fixed number ask for, and whether the number is measured instead.
 */
export function fixedStreams(profile: Profile, workers: number | undefined): number | null {
  if (workers !== undefined) return workers;
  return profile === 'auto' ? null : FIXED_STREAMS[profile];
}

/**
 * Counts the observation, unless it is inconclusive: too little work for the streams, or connections still being made.
 */
function watch(state: ConcurrencyState, sample: ConcurrencySample): ConcurrencyState {
  const { nowMs, openStreams, answeredStreams } = sample;
  const enough = state.streams - Math.floor(state.streams / STREAMS_PER_GAP);
  if (openStreams < enough) return state;
  const openedMs = state.openedMs ?? nowMs;
  if (state.answeredMs === null) {
    return { ...state, openedMs, answeredMs: answeredStreams < enough ? null : nowMs };
  }
  const answerMs = Math.min(WARM_UP_CAP_MS, state.answeredMs - openedMs);
  if (nowMs - state.answeredMs < Math.max(WARM_UP_MS, answerMs)) return state;
  return {
    ...state,
    measuredBytes: state.measuredBytes + sample.bytes,
    measuredMs: state.measuredMs + sample.elapsedMs,
    busyMs: state.busyMs + sample.elapsedMs * (sample.busyShare ?? 0),
  };
}

function rateOf({ measuredBytes, measuredMs }: ConcurrencyState): number {
  return (measuredBytes * 1000) / Math.max(1, measuredMs);
}

/** Returns the gain from more streams as a share of the maximum: 1 when each new one got as much as those before. */
function gainShare(before: Measured, after: Measured): number {
  const gain = after.bytesPerSecond / Math.max(1, before.bytesPerSecond) - 1;
  return gain / (after.streams / before.streams - 1);
}

function isEarlyGain(before: Measured, after: Measured, measuredMs: number): boolean {
  const isLarge = after.streams >= before.streams * (1 + LARGE_STEP);
  return isLarge && measuredMs >= EARLY_MS && gainShare(before, after) >= EARLY_GAIN;
}

/** The link is far from saturated: takes a larger step. */
function goOn(state: ConcurrencyState, { streams, bytesPerSecond }: Measured): ConcurrencyState {
  const step = Math.min(streams, state.step * 2);
  return tryStep({ ...state, step, settledMs: SETTLED_MS }, bytesPerSecond);
}

/**
 * A large step reached the capacity of the link. Calculates the number of streams from that capacity and from what each
 * stream got while there was room.
 */
function settleAtKnee(state: ConcurrencyState, before: Measured, after: Measured): ConcurrencyState {
  const gain = after.bytesPerSecond / Math.max(1, before.bytesPerSecond);
  if (gain < HARMFUL_SHARE) {
    const half = Math.floor((after.streams - before.streams) / 2);
    return tryStep({ ...state, streams: before.streams, step: half }, before.bytesPerSecond);
  }
  const needed = Math.max(1, gain) * before.streams;
  const streams = Math.min(after.streams, Math.ceil(KNEE_MARGIN * needed));
  return settled({ streams, step: 1, settledMs: SETTLED_MS }, KNEE_LOOK_MS);
}

function judgeDown(state: ConcurrencyState, before: Measured, after: Measured): ConcurrencyState {
  return after.bytesPerSecond >= before.bytesPerSecond * BEARABLE_LOSS
    ? tryStep({ ...state, settledMs: SETTLED_MS }, after.bytesPerSecond)
    : takeBack(state, before, 1);
}

/** Continues in the direction that paid last, or turns around at the end of the range. */
function tryStep(state: ConcurrencyState, bytesPerSecond: number): ConcurrencyState {
  const { streams } = state;
  if (state.step > 0 && streams >= MIN_STREAMS && isBusy(state)) {
    return settled({ ...state, step: -1 }, SETTLED_MS);
  }
  if (streams >= AUTO_MAX_STREAMS && state.step > 0) {
    return settled({ ...state, step: -1 }, SETTLED_CAP_MS);
  }
  const step = streams <= MIN_STREAMS ? Math.max(1, state.step) : state.step;
  const target = Math.min(AUTO_MAX_STREAMS, streams + step);
  return {
    streams: target,
    before: { streams, bytesPerSecond },
    step,
    ...unmeasured(trialMs(streams, target)),
    settledMs: state.settledMs,
  };
}

function isBusy({ busyMs, measuredMs }: ConcurrencyState): boolean {
  return measuredMs > 0 && busyMs >= measuredMs * BUSY_SHARE;
}

function trialMs(from: number, to: number): number {
  return Math.min(TRIAL_MAX_MS, Math.max(TRIAL_MIN_MS, (TRIAL_MS * from) / Math.abs(to - from)));
}

function takeBack(state: ConcurrencyState, { streams }: Measured, step: number): ConcurrencyState {
  const settledMs = Math.min(SETTLED_CAP_MS, state.settledMs * 2);
  return settled({ streams, step, settledMs }, state.settledMs);
}

/** Reverts the whole step up that is being tried, since that step caused the trouble. */
function stepDown(state: ConcurrencyState): ConcurrencyState {
  const streams = Math.max(1, Math.min(state.streams - 1, provenStreams(state)));
  return settled({ streams, step: 1, settledMs: state.settledMs }, SETTLED_MS);
}

function settled(
  { streams, step, settledMs }: Pick<ConcurrencyState, 'streams' | 'step' | 'settledMs'>,
  phaseMs: number,
): ConcurrencyState {
  return { streams, before: null, step, ...unmeasured(phaseMs), settledMs };
}

function unmeasured(phaseMs: number) {
  return { openedMs: null, answeredMs: null, measuredBytes: 0, measuredMs: 0, busyMs: 0, phaseMs };
}
