/** Units as Finder shows them: powers of 1000, "KB" with a capital K. */
const UNITS: readonly string[] = ['KB', 'MB', 'GB', 'TB', 'PB'];

/** Digits behind the point: none for bytes (unit -1) and KB, whose tenths tell nobody anything. */
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
 * A size for people: `6.3 GB`, `999 KB`, `512 bytes`. Decimal units, rounded to one digit from MB up.
 * Anything that is no amount (negative, not finite) reads as nothing: `0 bytes`.
 */
export function formatBytes(bytes: number): string {
  const amount = Number.isFinite(bytes) ? Math.max(0, bytes) : 0;
  const whole = Math.round(amount);
  if (whole < 1000) return whole === 1 ? '1 byte' : `${whole} bytes`;
  const unit = unitFor(amount);
  return `${(amount / divisorOf(unit)).toFixed(digitsOf(unit))} ${UNITS[unit]}`;
}

/**
 * Part and whole in the unit of the whole: `6.3 of 15.4 GB`. The part is rounded down, so that it equals the
 * whole only when it is the whole.
 */
export function formatBytesOf(part: number, whole: number): string {
  return partOf(part, whole, digitsOf);
}

/**
 * As {@link formatBytesOf} for an amount that grows while it is looked at: `6.31 of 15.38 GB`. A tenth of a GB stands still for
 * 100 s at 1 MB/s.
 */
export function formatProgress(part: number, whole: number): string {
  return partOf(part, whole, (unit) => (unit >= GIGABYTE ? 2 : digitsOf(unit)));
}

const GIGABYTE = UNITS.indexOf('GB');

function partOf(part: number, whole: number, digitsIn: (unit: number) => number): string {
  const name = formatBytes(whole).split(' ')[1] ?? '';
  const unit = UNITS.indexOf(name);
  const digits = digitsIn(unit);
  const total = (Math.max(0, whole) / divisorOf(unit)).toFixed(digits);
  if (part >= whole) return `${total} of ${total} ${name}`;
  const steps = Math.floor(Math.max(0, part) / (divisorOf(unit) / 10 ** digits));
  return `${(steps / 10 ** digits).toFixed(digits)} of ${total} ${name}`;
}

/**
 * Main memory as makers print it, in powers of 1024 called GB: `18 GB` for 18 × 2^30 bytes. Only for memory;
 * files and weights use {@link formatBytes}.
 */
export function formatMemory(bytes: number): string {
  const gigabytes = Math.max(0, bytes) / 2 ** 30;
  return `${Number.isFinite(gigabytes) ? Number(gigabytes.toFixed(1)) : 0} GB`;
}
