/** The pace of an open attempt. */
export interface AttemptPace {
  /** Age of the request in milliseconds. */
  readonly ageMs: number;
  /** Average over the last seconds. */
  readonly bytesPerSecond: number;
  /** Bytes in the last {@link FLOOR_WINDOW_MS}, or since the request began. */
  readonly windowBytes: number;
  /** Time without a byte in which it could have received one. */
  readonly silentMs: number;
}

/** The end of the work: nothing is left for other attempts, so everything waits for those that are open. */
export interface WorkEnd {
  /** Usual speed of an attempt on this link. */
  readonly usualBytesPerSecond: number;
  /** Silence after which an attempt loses its slot while there is work. */
  readonly silentAfterMs: number;
}

/** An attempt that gets less than this in the window while others make progress is redialed. */
export const FLOOR_BYTES = 256 * 1024;
export const FLOOR_WINDOW_MS = 120_000;
/** The same regardless of the others: even a very weak link does better than this. */
const BARE_FLOOR_BYTES = 16 * 1024;
/** An attempt below this share of the median (or of the usual speed) is redialed once it has had time to speed up. */
const RELATIVE_SHARE = 0.1;
const RELATIVE_MIN_AGE_MS = 5000;
const RELATIVE_MIN_STREAMS = 3;
/**
 * At the end of the work everything waits for the last attempts: they get this share of the usual tolerance, 2 s as a
 * rule.
 */
const END_PATIENCE_SHARE = 0.4;

/**
 * Returns the open attempts that are so slow compared with the others that a new connection is likely to do better.
 * `end` is null while there is work for others.
 */
export function slowStreams<T extends AttemptPace>(streams: readonly T[], end: WorkEnd | null): T[] {
  const median = medianRate(streams);
  return streams.filter(
    (stream) =>
      isUnderFloor(stream, streams) ||
      isFarBelow(stream, median, RELATIVE_MIN_AGE_MS) ||
      (end !== null && holdsUpTheEnd(stream, end)),
  );
}

function holdsUpTheEnd(stream: AttemptPace, end: WorkEnd): boolean {
  const minAgeMs = RELATIVE_MIN_AGE_MS * END_PATIENCE_SHARE;
  // Before the first byte only the server is to blame, and it may be as slow on another connection.
  const isAnswered = stream.windowBytes > 0 || stream.ageMs >= RELATIVE_MIN_AGE_MS;
  return isAnswered && (isFarBelow(stream, end.usualBytesPerSecond, minAgeMs) || hasStopped(stream, end));
}

function hasStopped({ silentMs }: AttemptPace, { silentAfterMs }: WorkEnd): boolean {
  return silentMs >= silentAfterMs * END_PATIENCE_SHARE;
}

function isUnderFloor(stream: AttemptPace, streams: readonly AttemptPace[]): boolean {
  if (stream.ageMs < FLOOR_WINDOW_MS) return false;
  const othersMove = streams.some((other) => other !== stream && other.windowBytes >= FLOOR_BYTES);
  return stream.windowBytes < (othersMove ? FLOOR_BYTES : BARE_FLOOR_BYTES);
}

function isFarBelow({ ageMs, bytesPerSecond }: AttemptPace, measure: number, minAgeMs: number): boolean {
  return ageMs >= minAgeMs && bytesPerSecond < measure * RELATIVE_SHARE;
}

/** 0 while there are too few streams to compare. */
function medianRate(streams: readonly AttemptPace[]): number {
  if (streams.length < RELATIVE_MIN_STREAMS) return 0;
  const rates = streams.map((stream) => stream.bytesPerSecond).sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? 0;
}
