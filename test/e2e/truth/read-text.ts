/** A place of the app with its statements about downloads, parsed from its words. Null for what it does not show. */
export interface Said {
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly percent: number | null;
  /** `0.12 of 2.51 GB`: bytes, with the size of the last digit shown. */
  readonly amount: Amount | null;
}

/** A part and its whole in bytes, exact to `stepBytes`. */
export interface Amount {
  readonly partBytes: number;
  readonly wholeBytes: number;
  readonly stepBytes: number;
}

const UNITS: Readonly<Record<string, number>> = {
  bytes: 1,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};
const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };
const SPOKEN: Readonly<Record<string, string>> = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/** Reads `4.2 MB/s`, `1 min 40 s left`, `41 %` and their spoken forms. Of several the first of each counts. */
export function readText(text: string): Said {
  const short = text.replace(
    /(\d+) (day|hour|minute|second)s?\b/g,
    (_all, count, unit) => `${count} ${SPOKEN[unit]}`,
  );
  const speed = /([\d.]+) ([kKMGT]?B)\/s/.exec(short);
  const left = /((?:\d+ (?:d|h|min|s)\s?)+)left/.exec(short);
  const percent = /(\d+)(?: %| percent)/.exec(short);
  return {
    bytesPerSecond: speed ? Number(speed[1]) * (UNITS[speed[2] ?? ''] ?? Number.NaN) : null,
    secondsLeft: left ? secondsOf(left[1] ?? '') : null,
    percent: percent ? Number(percent[1]) : null,
    amount: amountOf(short),
  };
}

function amountOf(text: string): Amount | null {
  const found = /([\d.]+) of ([\d.]+) (bytes|[kKMGT]B)/.exec(text);
  if (!found) return null;
  const [, part = '', whole = '', unit = ''] = found;
  const bytes = UNITS[unit] ?? Number.NaN;
  const digits = whole.split('.')[1]?.length ?? 0;
  return {
    partBytes: Number(part) * bytes,
    wholeBytes: Number(whole) * bytes,
    stepBytes: bytes / 10 ** digits,
  };
}

function secondsOf(text: string): number {
  const parts = text.trim().matchAll(/(\d+) (d|h|min|s)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ''] ?? 0), 0);
}
