import type { TimedEvent } from './run-haulyard.ts';

/** Bytes and time between two looks at a transfer. */
export interface TransferRate {
  readonly bytes: number;
  readonly bytesPerSecond: number;
}

/**
 * The rate from the first progress that shows more than `fromBytes` to the last one; what came before the first belongs to the
 * start. Null when there are not two of them.
 */
export function transferRate(events: readonly TimedEvent[], fromBytes: number): TransferRate | null {
  const points = events.flatMap(({ event, atMs }) =>
    event.event === 'progress' && event.receivedBytes > fromBytes
      ? [{ bytes: event.receivedBytes, atMs }]
      : [],
  );
  const first = points[0];
  // Repeated at the end while files are put in place.
  const last = points.find(({ bytes }) => bytes === points.at(-1)?.bytes);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  const bytes = last.bytes - first.bytes;
  return { bytes, bytesPerSecond: (bytes * 1000) / (last.atMs - first.atMs) };
}

/** Bytes that were on disk already, as reported. */
export function rescuedBytes(events: readonly TimedEvent[]): number {
  return events.reduce((sum, { event }) => sum + (event.event === 'rescued' ? event.bytes : 0), 0);
}
