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
/** The same for a stream that is alone: so little that even a very weak line does better. */
const LONE_FLOOR_BYTES = 16 * 1024;
/** A stream below this share of the median is dialled again, once it had time to speed up. */
const RELATIVE_SHARE = 0.1;
const RELATIVE_MIN_AGE_MS = 5000;
const RELATIVE_MIN_STREAMS = 3;

/** Which of the open streams are so slow, beside the others, that a new connection is likely to do better. */
export function slowStreams<T extends StreamPace>(streams: readonly T[]): T[] {
  if (streams.length === 1) {
    return streams.filter(
      (stream) => stream.ageMs >= FLOOR_WINDOW_MS && stream.windowBytes < LONE_FLOOR_BYTES,
    );
  }
  const rates = streams.map((stream) => stream.bytesPerSecond).sort((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)] ?? 0;
  const others = (stream: T) => streams.some((other) => other !== stream && other.windowBytes >= FLOOR_BYTES);
  return streams.filter((stream) => {
    const underFloor = stream.ageMs >= FLOOR_WINDOW_MS && stream.windowBytes < FLOOR_BYTES && others(stream);
    const underMedian =
      streams.length >= RELATIVE_MIN_STREAMS &&
      stream.ageMs >= RELATIVE_MIN_AGE_MS &&
      stream.bytesPerSecond < median * RELATIVE_SHARE;
    return underFloor || underMedian;
  });
}
