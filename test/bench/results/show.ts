/** Shown where something could not be measured. */
const UNKNOWN = '-';

/** Seconds with as many digits as make sense. */
export function showSeconds(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  return seconds.toFixed(seconds < 1 ? 3 : seconds < 100 ? 2 : 0);
}

/** A number of bytes in MB (1,000,000 bytes). */
export function showMegabytes(bytes: number | null): string {
  return bytes === null ? UNKNOWN : (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0);
}

/** A factor such as `2.31x`. */
export function showRatio(ratio: number | null): string {
  return ratio === null ? UNKNOWN : `${ratio.toFixed(2)}x`;
}

/** A share in percent; `part` and `whole` in the same unit. */
export function showShare(part: number | null, whole: number): string {
  return part === null || whole === 0 ? UNKNOWN : `${((100 * part) / whole).toFixed(2)} %`;
}

/** Milliseconds with one digit behind the point. */
export function showMilliseconds(ms: number | null): string {
  return ms === null ? UNKNOWN : ms.toFixed(1);
}

/** A size as it is written in options: `2 GiB`, `50 MiB`, else bytes. */
export function showSize(bytes: number): string {
  const units = [
    { name: 'GiB', bytes: 2 ** 30 },
    { name: 'MiB', bytes: 2 ** 20 },
  ];
  const unit = units.find((candidate) => bytes >= candidate.bytes);
  return unit ? `${Number((bytes / unit.bytes).toFixed(1))} ${unit.name}` : `${bytes} bytes`;
}
