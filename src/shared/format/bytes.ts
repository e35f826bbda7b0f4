/** Units as Finder shows them: powers of 1000, "KB" with a capital K. */
const UNITS: readonly string[] = ['KB', 'MB', 'GB', 'TB', 'PB'];

/** Decimals: none for bytes (unit -1) and KB, whose tenths are meaningless to people. */
const digitsOf = (unit: number): number => (unit < 1 ? 0 : 1);

/** Bytes in one unit; 1 for unit -1, which is the byte itself. */
const divisorOf = (unit: number): number => 1000 ** (unit + 1);

/** Index of the largest unit in which `bytes`, once rounded for display, is still at least 1. */
function unitFor(bytes: number): number {
  let unit = 0;
  while (unit < UNITS.length - 1) {
    const shown = Number((bytes / divisorOf(unit)).toFixed(digitsOf(unit)));
    if (shown < 1000) break;
    unit += 1;
  }
  return unit;
}

/**
 * Formats a size for people: `6.3 GB`, `999 KB`, `512 bytes`. Decimal units, rounded to one digit from MB up. Invalid
 * amounts (negative, not finite) become `0 bytes`.
 */
export function formatBytes(bytes: number): string {
  const amount = Number.isFinite(bytes) ? Math.max(0, bytes) : 0;
  const whole = Math.round(amount);
  if (whole < 1000) return whole === 1 ? '1 byte' : `${whole} bytes`;
  const unit = unitFor(amount);
  return `${(amount / divisorOf(unit)).toFixed(digitsOf(unit))} ${UNITS[unit]}`;
}

/**
 * Formats part and whole in the unit of the whole: `6.31 of 15.38 GB`. Two digits from GB up, because the part grows
 * while it is displayed: a tenth of a GB takes 100 s at 1 MB/s. The part is rounded down, so that it equals the whole
 * only when it is complete.
 */
export function formatBytesOf(part: number, whole: number): string {
  const { unit, name, digits } = scaleOf(whole);
  return `${partIn(part, whole, unit, digits)} of ${(Math.max(0, whole) / divisorOf(unit)).toFixed(digits)} ${name}`;
}

/**
 * Formats a part alone, with the same digits as {@link formatBytesOf} displays next to it: `0.64 GB` of 2.51 GB, not
 * `642.2 MB`. A part that would round to zero uses its own unit.
 */
export function formatPart(part: number, whole: number): string {
  const { unit, name, digits } = scaleOf(whole);
  const shown = partIn(part, whole, unit, digits);
  return Number(shown) === 0 || unit < 0 || part > whole ? formatBytes(part) : `${shown} ${name}`;
}

/** Formats what is missing of a whole, so that it and {@link formatPart} of the part add up to the whole. */
export function formatRest(part: number, whole: number): string {
  const { unit, name, digits } = scaleOf(whole);
  const rest = Math.max(0, whole - part);
  if (unit < 0 || part <= 0) return formatPart(rest, whole);
  const total = (Math.max(0, whole) / divisorOf(unit)).toFixed(digits);
  const shown = (Number(total) - Number(partIn(part, whole, unit, digits))).toFixed(digits);
  return Number(shown) === 0 || rest < divisorOf(unit) / 10 ** digits
    ? formatBytes(rest)
    : `${shown} ${name}`;
}

const GIGABYTE = UNITS.indexOf('GB');

/** Unit and digits for an amount of this size and all its parts. */
function scaleOf(whole: number): { readonly unit: number; readonly name: string; readonly digits: number } {
  const name = formatBytes(whole).split(' ')[1] ?? '';
  const unit = UNITS.indexOf(name);
  return { unit, name, digits: unit >= GIGABYTE ? 2 : digitsOf(unit) };
}

function partIn(part: number, whole: number, unit: number, digits: number): string {
  if (part >= whole) return (Math.max(0, whole) / divisorOf(unit)).toFixed(digits);
  const steps = Math.floor(Math.max(0, part) / (divisorOf(unit) / 10 ** digits));
  return (steps / 10 ** digits).toFixed(digits);
}

/**
 * Formats main memory as makers print it, in powers of 1024 called GB: `18 GB` for 18 × 2^30 bytes. Only for memory;
 * files and weights use {@link formatBytes}.
 */
export function formatMemory(bytes: number): string {
  const gigabytes = Math.max(0, bytes) / 2 ** 30;
  return `${Number.isFinite(gigabytes) ? Number(gigabytes.toFixed(1)) : 0} GB`;
}
