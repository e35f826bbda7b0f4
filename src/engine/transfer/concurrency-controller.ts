import type { Profile } from '../../shared/model/download.ts';

/** Streams that `auto` opens on a host that it does not know. */
export const AUTO_START_STREAMS = 4;
export const AUTO_MAX_STREAMS = 16;
/** With a single stream one drop would be silence: only trouble goes that low. */
const MIN_STREAMS = 2;
/** The first look at a host: nothing is compared yet. */
const FIRST_LOOK_MS = 500;
/**
 * A step is judged after this time, divided by its share of the streams that there were: the smaller the difference that
 * is looked for, the longer it must be looked at.
 */
const TRIAL_MS = 500;
const TRIAL_MIN_MS = 1000;
const TRIAL_MAX_MS = 5000;
/** A large step that brings nearly all it can needs no longer look. */
const EARLY_MS = 500;
const EARLY_GAIN = 0.75;
const LARGE_STEP = 0.25;
/**
 * Where this process was busy for so much of the time, it is the limit and not the line: more streams would only take from it what
 * hashing needs.
 */
const BUSY_SHARE = 0.85;
/** A step that brings at least this share of what it can (twice the streams, twice the throughput) is followed by a larger one. */
const FULL_GAIN = 0.5;
/** A step up of one stream is kept when it raises throughput by at least this factor. */
const WORTHWHILE_GAIN = 1.05;
/** A step down is kept when throughput stays above this share: fewer streams are kinder to line and server. */
const BEARABLE_LOSS = 0.98;
/** Streams above what it takes: one too few costs its whole share, one too many next to nothing. */
const KNEE_MARGIN = 1.2;
/** The number that was calculated is looked at for so long before single steps begin. */
const KNEE_LOOK_MS = 2000;
/** A large step that leaves less than this share does harm; half of it may not. */
const HARMFUL_SHARE = 0.95;
/** After a step that was taken back, the next one is tried after this time; doubled each time up to the cap. */
const SETTLED_MS = 30_000;
const SETTLED_CAP_MS = 300_000;
/** Time after all streams have answered that is not measured: windows grow. On far lines as long as the answers took. */
const WARM_UP_MS = 250;
const WARM_UP_CAP_MS = 2000;
/** Of so many streams one may be between two requests without spoiling the measurement. */
const STREAMS_PER_GAP = 8;

/** Streams of the profiles that do not measure. */
const FIXED_STREAMS = { fast: 10, weak: 5, 'very-weak': 1 } as const;

/** What a number of streams brought. */
interface Measured {
  readonly streams: number;
  readonly bytesPerSecond: number;
}

/** What the controller knows. A plain value, so that recorded traces can be replayed through {@link observe}. */
export interface ConcurrencyState {
  readonly streams: number;
  /** Number and throughput before the step that is being tried; null when none is. */
  readonly before: Measured | null;
  /** The step to try next: so many streams more, or fewer. */
  readonly step: number;
  /** When all streams of this phase were first open, and when all had answered; null before that. */
  readonly openedMs: number | null;
  readonly answeredMs: number | null;
  /** Bytes and time measured in this phase, warm-up left out. */
  readonly measuredBytes: number;
  readonly measuredMs: number;
  /** Of the time measured, what this process was busy. */
  readonly busyMs: number;
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
  /** Streams that were really open, and those of them that had an answer. */
  readonly openStreams: number;
  readonly answeredStreams: number;
  /** Share of the time that this process was busy; 0 when nobody knows. */
  readonly busyShare?: number;
  /** A 429, a timeout, or more stalls than usual. */
  readonly trouble: boolean;
}

/** The state to start with: what paid off on this host before, or {@link AUTO_START_STREAMS} and a steep climb. */
export function startConcurrency(remembered: number | null): ConcurrencyState {
  const streams = Math.min(AUTO_MAX_STREAMS, Math.max(1, remembered ?? AUTO_START_STREAMS));
  const isKnown = remembered !== null && remembered >= AUTO_START_STREAMS;
  return isKnown
    ? settled({ streams, step: 1, settledMs: SETTLED_MS }, TRIAL_MAX_MS)
    : settled({ streams, step: streams, settledMs: SETTLED_MS }, FIRST_LOOK_MS);
}

/**
 * The state after one more observation. Steps up double as long as they bring about as much as they could; the first that
 * does not tells what the line can carry, and so how many streams that takes. From there single streams are added while
 * they pay. When none does any more, one less is tried now and then and kept if it costs nothing: without that, the noise of
 * a line would be taken for gains, one by one.
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

/** The number that proved itself: without the step that is being tried. */
export function provenStreams({ before, streams }: ConcurrencyState): number {
  return before?.streams ?? streams;
}

/** How many streams to open, and whether that is measured, for a profile and an optional fixed number. */
export function fixedStreams(profile: Profile, workers: number | undefined): number | null {
  if (workers !== undefined) return workers;
  return profile === 'auto' ? null : FIXED_STREAMS[profile];
}

/** Counts the observation, unless it says nothing: too little work for the streams, connections that are still being made. */
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

/** What more streams brought, as a share of what they could: 1 when each got as much as those before. */
function gainShare(before: Measured, after: Measured): number {
  const gain = after.bytesPerSecond / Math.max(1, before.bytesPerSecond) - 1;
  return gain / (after.streams / before.streams - 1);
}

function isEarlyGain(before: Measured, after: Measured, measuredMs: number): boolean {
  const isLarge = after.streams >= before.streams * (1 + LARGE_STEP);
  return isLarge && measuredMs >= EARLY_MS && gainShare(before, after) >= EARLY_GAIN;
}

/** The line is far from full: a larger step. */
function goOn(state: ConcurrencyState, { streams, bytesPerSecond }: Measured): ConcurrencyState {
  const step = Math.min(streams, state.step * 2);
  return tryStep({ ...state, step, settledMs: SETTLED_MS }, bytesPerSecond);
}

/**
 * A large step met the end of the line. What the line carries, and what each stream got while there was room, tell how many
 * streams it takes.
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

/** Goes on in the direction that paid last, or turns round at the end of the scale. */
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

/** A step up that is being tried is taken back as a whole: it is what brought the trouble. */
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
