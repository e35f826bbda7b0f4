import type { ValueFormat } from './kernel.ts';

/** Conversions between float32 and the two 16-bit formats of model weights, as bit patterns. */

const floats = new Float32Array(1);
const patterns = new Uint32Array(floats.buffer);

/** The bits of a float32. */
function patternOf(value: number): number {
  floats[0] = value;
  return patterns[0] ?? 0;
}

function floatOf(pattern: number): number {
  patterns[0] = pattern;
  return floats[0] ?? 0;
}

/** The value of a BF16: the upper half of a float32. */
export const bf16ToFloat = (bits: number): number => floatOf(bits << 16);

/** The nearest BF16, ties to even. */
export function floatToBf16(value: number): number {
  const pattern = patternOf(value);
  return ((pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16) & 0xffff;
}

/**
 * Returns the value of an IEEE half, exact also for subnormals. Infinity and NaN become large numbers: callers reject
 * them first.
 */
export function halfToFloat(bits: number): number {
  const magnitude = floatOf((bits & 0x7fff) << 13) * 2 ** 112;
  return bits & 0x8000 ? -magnitude : magnitude;
}

/** The nearest half of a value below the largest one, ties to even. */
export function floatToHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  // Below 2^-14 a half counts in steps of 2^-24.
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const pattern = patternOf(magnitude);
  return sign | ((pattern - 0x38000000 + 0xfff + ((pattern >>> 13) & 1)) >>> 13);
}

/** Fills `values` with those of `count` patterns from index `start` on. */
export function widen(
  source: Uint16Array,
  start: number,
  count: number,
  format: ValueFormat,
  values: Float32Array,
): void {
  const toFloat = format === 'f16' ? halfToFloat : bf16ToFloat;
  for (let index = 0; index < count; index += 1) values[index] = toFloat(source[start + index] ?? 0);
}

/** Adding and subtracting 1.5 · 2^52 leaves no room for a fraction: the addition rounds, ties to even. */
const NO_FRACTION = 6755399441055744;

/** Rounds a number below 2^51, ties to even. */
export const roundToEven = (value: number): number => value + NO_FRACTION - NO_FRACTION;
