import type { RoundingRule } from '../../../../shared/model/build.ts';
import { bf16ToFloat, floatToBf16, floatToHalf, halfToFloat, roundToEven } from './float-formats.ts';
import { type AffineJob, KERNEL_BYTES, type Kernel, kernelBuffers, type ValueFormat } from './kernel.ts';

/** Smallest step, in float32. Source: MLX 0.32.2, mlx/backend/cpu/quantized.cpp, `eps`. */
const SMALLEST_STEP = Math.fround(1e-7);
/** Exponent bits of a value; all set means infinity or not a number. */
const EXPONENT: Readonly<Record<ValueFormat, number>> = { bf16: 0x7f80, f16: 0x7c00 };
const FLOAT_EXPONENT = 0x7f800000;

/** What all codes of a group are made with. */
interface GroupScale {
  /** In float32, as the codes are made; it is rounded only when it is stored. */
  readonly scale: number;
  readonly bias: number;
}

/** The reference, in plain TypeScript: works everywhere, and is the witness of the fast one. */
export function createPlainKernel(): Kernel {
  const buffers = kernelBuffers(new ArrayBuffer(KERNEL_BYTES), 0);
  const source = new Uint16Array(buffers.source.buffer, buffers.source.byteOffset, buffers.source.length / 2);
  const scales = new Uint16Array(buffers.scales.buffer, buffers.scales.byteOffset, buffers.scales.length / 2);
  const biases = new Uint16Array(buffers.biases.buffer, buffers.biases.byteOffset, buffers.biases.length / 2);
  const words = new Uint32Array(buffers.source.buffer, buffers.source.byteOffset, buffers.source.length / 4);
  const casts = new Uint16Array(buffers.codes.buffer, buffers.codes.byteOffset, buffers.codes.length / 2);

  return {
    name: 'plain',
    buffers,
    quantize(job) {
      const { groups, groupSize, bits, format, rule } = job;
      const values = new Float32Array(groupSize);
      const store = format === 'f16' ? floatToHalf : floatToBf16;
      for (let group = 0; group < groups; group += 1) {
        const patterns = source.subarray(group * groupSize, (group + 1) * groupSize);
        if (!widen(patterns, values, format)) return group;
        const made = groupScale(values, 2 ** bits - 1, rule);
        if (made === null) return group;
        scales[group] = store(made.scale);
        biases[group] = store(made.bias);
        const codeBytes = (groupSize * bits) / 8;
        encode(values, made, job, buffers.codes.subarray(group * codeBytes, (group + 1) * codeBytes));
      }
      return -1;
    },
    castToBf16(count) {
      for (let index = 0; index < count; index += 1) {
        const pattern = words[index] ?? 0;
        const rounded = (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16;
        if ((pattern & FLOAT_EXPONENT) === FLOAT_EXPONENT || (rounded & 0x7f80) === 0x7f80) return index;
        casts[index] = rounded;
      }
      return -1;
    },
  };
}

/** False when a value is not finite. */
function widen(patterns: Uint16Array, values: Float32Array, format: ValueFormat): boolean {
  const exponent = EXPONENT[format];
  const toFloat = format === 'f16' ? halfToFloat : bf16ToFloat;
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index] ?? 0;
    if ((pattern & exponent) === exponent) return false;
    values[index] = toFloat(pattern);
  }
  return true;
}

/**
 * Scale and bias of a group: the end of its range that is further from zero gets a code exactly, and so does zero. Every
 * step is rounded to float32. Null when the range is not finite. Source: MLX 0.32.2, mlx/backend/cpu/quantized.cpp and
 * mlx/backend/metal/kernels/quantized.h, `affine_quantize`; the Metal kernel begins the search of the largest at zero.
 */
function groupScale(values: Float32Array, steps: number, rule: RoundingRule): GroupScale | null {
  let lo = values[0] ?? 0;
  let hi = lo;
  for (const value of values) {
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  if (rule === 'metal' && hi < 0) hi = 0;
  const step = Math.fround(Math.fround(hi - lo) / steps);
  if (!Number.isFinite(step)) return null;
  const isNegative = Math.abs(lo) > Math.abs(hi);
  const size = Math.max(step, SMALLEST_STEP);
  const scale = isNegative ? size : -size;
  const edge = isNegative ? lo : hi;
  const code = roundEdge(Math.fround(edge / scale), rule);
  if (!Number.isFinite(code)) return null;
  return code === 0 ? { scale, bias: 0 } : { scale: Math.fround(edge / code), bias: edge };
}

/** The rule's rounding of a code that is zero or less. */
function roundEdge(value: number, rule: RoundingRule): number {
  if (rule === 'metal') return -Math.floor(-value + 0.5);
  // From 2^24 on a float32 has no fraction.
  return Math.abs(value) < 2 ** 24 ? roundToEven(value) : value;
}

/**
 * A division by way of the reciprocal in float64 gives the same float32 as the division itself: a quotient of two 24-bit
 * numbers is never so near to the middle between two float32 numbers as the product may be wrong.
 */
function encode(
  values: Float32Array,
  { scale, bias }: GroupScale,
  { bits, rule }: AffineJob,
  codes: Uint8Array,
) {
  const most = 2 ** bits - 1;
  const reciprocal = 1 / scale;
  const perByte = 8 / bits;
  for (let index = 0; index < codes.length; index += 1) {
    let byte = 0;
    for (let place = 0; place < perByte; place += 1) {
      const value = values[index * perByte + place] ?? 0;
      const exact = Math.fround(Math.fround(value - bias) * reciprocal);
      const code = rule === 'metal' ? (exact + 0.5) | 0 : roundToEven(exact);
      byte |= Math.max(0, Math.min(most, code)) << (place * bits);
    }
    codes[index] = byte;
  }
}
