/** What a process tree used. */
export interface ResourceUsage {
  /** User and system time of all processes together. */
  readonly cpuSeconds: number;
  /** Resident memory of the largest process. */
  readonly peakBytes: number;
}

/** For GNU time: user seconds, system seconds, and the largest resident set in KiB. */
export const USAGE_FORMAT = '%U %S %M';

/** Reads what GNU time wrote with {@link USAGE_FORMAT}; null when that is not there. A failed command adds lines before it. */
export function parseUsage(text: string): ResourceUsage | null {
  const match = /^(\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (\d+)$/.exec(text.trim().split('\n').at(-1) ?? '');
  if (match === null) return null;
  return { cpuSeconds: Number(match[1]) + Number(match[2]), peakBytes: Number(match[3]) * 1024 };
}
