/** What is known of an open stream. */
export interface StreamPace {
  /** Age of the request in milliseconds. */
  readonly ageMs: number;
  /** Mean of the last seconds. */
  readonly bytesPerSecond: number;
  /** Bytes in the last {@link FLOOR_WINDOW_MS}, or since the request began. */
  readonly windowBytes: number;
}

/** Less than this in the window, while others move, and a stream is dialled again. */
export const FLOOR_BYTES = 256 * 1024;
export const FLOOR_WINDOW_MS = 120_000;
/** The same whatever the others do: so little that even a very weak line does better. */
const BARE_FLOOR_BYTES = 16 * 1024;
/** A stream below this share of the median (or of what is usual) is dialled again, once it had time to speed up. */
const RELATIVE_SHARE = 0.1;
const RELATIVE_MIN_AGE_MS = 5000;
const RELATIVE_MIN_STREAMS = 3;

/**
 * Which of the open streams are so slow, beside the others, that a new connection is likely to do better. At the end, when
 * no work is left for others, `usualBytesPerSecond` is what a stream got on this line before; it is 0 while there is work.
 */
export function slowStreams<T extends StreamPace>(streams: readonly T[], usualBytesPerSecond: number): T[] {
  const measure = Math.max(medianRate(streams), usualBytesPerSecond);
  return streams.filter((stream) => isUnderFloor(stream, streams) || isFarBelow(stream, measure));
}

function isUnderFloor(stream: StreamPace, streams: readonly StreamPace[]): boolean {
  if (stream.ageMs < FLOOR_WINDOW_MS) return false;
  const othersMove = streams.some((other) => other !== stream && other.windowBytes >= FLOOR_BYTES);
  return stream.windowBytes < (othersMove ? FLOOR_BYTES : BARE_FLOOR_BYTES);
}

function isFarBelow({ ageMs, bytesPerSecond }: StreamPace, measure: number): boolean {
  return ageMs >= RELATIVE_MIN_AGE_MS && bytesPerSecond < measure * RELATIVE_SHARE;
}

/** 0 while there are too few streams to compare. */
function medianRate(streams: readonly StreamPace[]): number {
  if (streams.length < RELATIVE_MIN_STREAMS) return 0;
  const rates = streams.map((stream) => stream.bytesPerSecond).sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? 0;
}
