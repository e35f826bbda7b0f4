import { formatBytes } from './bytes.ts';

/** Formats a speed for people: `4.2 MB/s`, `0 bytes/s`. Decimal units as in {@link formatBytes}. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}
