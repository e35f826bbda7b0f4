/** Bytes in one unit. Decimal without `i`, binary with it; `5M` is `5MB`. */
const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 2 ** 10,
  m: 1e6,
  mb: 1e6,
  mib: 2 ** 20,
  g: 1e9,
  gb: 1e9,
  gib: 2 ** 30,
  t: 1e12,
  tb: 1e12,
  tib: 2 ** 40,
};

const SIZE = /^\s*(\d{1,16}(?:\.\d{1,12})?)\s*([kmgt]?i?b?)\s*$/i;

/**
 * Parses a size typed by a person: `50MiB`, `5MB`, `1.5 GB`, `1048576`. Ignores case.
 * @returns whole bytes, or null when the text is not a size or too large to count exactly
 */
export function parseBytes(text: string): number | null {
  const [, digits, unit] = SIZE.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const factor = Object.hasOwn(UNIT_BYTES, unit.toLowerCase()) ? UNIT_BYTES[unit.toLowerCase()] : undefined;
  if (factor === undefined) return null;
  const bytes = Math.round(Number(digits) * factor);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** True for a number without a unit: only the person knows whether bytes or megabytes are meant. */
export function lacksUnit(text: string): boolean {
  return /^\s*[\d.]+\s*(\/\s*s(?:ec)?)?\s*$/i.test(text);
}

/**
 * Parses a speed typed by a person: `5MB/s`, `5MB`, `800 KiB/s`.
 * @returns whole bytes per second, or null when the text is not a speed, the speed is 0, or the unit is missing
 */
export function parseRate(text: string): number | null {
  if (lacksUnit(text)) return null;
  const bytes = parseBytes(text.replace(/\s*\/\s*s(?:ec)?\s*$/i, ''));
  return bytes === null || bytes === 0 ? null : bytes;
}
