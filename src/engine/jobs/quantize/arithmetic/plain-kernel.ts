import type { RoundingRule } from '../../../../shared/model/build.ts';
import { floatToBf16, floatToHalf, roundToEven, widen } from './float-formats.ts';
import { type AffineJob, KERNEL_BYTES, type Kernel, kernelBuffers, type ValueFormat } from './kernel.ts';

/** Smallest step, in float32. Source: MLX 0.32.2, mlx/backend/cpu/quantized.cpp, `eps`. */
const SMALLEST_STEP = Math.fround(1e-7);
/** Exponent bits of a value; all set means infinity or not a number. */
const EXPONENT: Readonly<Record<ValueFormat, number>> = { bf16: 0x7f80, f16: 0x7c00 };
const FLOAT_EXPONENT = 0x7f800000;

/** The largest group. */
const MAX_GROUP = 64;

/** Scale and bias of all codes of a group. */
interface GroupScale {
  /** In float32, as the codes are made; it is rounded only when it is stored. */
  readonly scale: number;
  readonly bias: number;
}

/** The reference in plain TypeScript: works everywhere, and is the witness of the fast one. */
export function createPlainKernel(): Kernel {
  const buffers = kernelBuffers(new ArrayBuffer(KERNEL_BYTES), 0);
  const source = new Uint16Array(buffers.source.buffer, buffers.source.byteOffset, buffers.source.length / 2);
  const scales = new Uint16Array(buffers.scales.buffer, buffers.scales.byteOffset, buffers.scales.length / 2);
  const biases = new Uint16Array(buffers.biases.buffer, buffers.biases.byteOffset, buffers.biases.length / 2);
  const words = new Uint32Array(buffers.source.buffer, buffers.source.byteOffset, buffers.source.length / 4);
  const casts = new Uint16Array(buffers.codes.buffer, buffers.codes.byteOffset, buffers.codes.length / 2);

  const codes = buffers.codes;
  const values = new Float32Array(MAX_GROUP);
  const groupCodes = new Uint8ClampedArray(MAX_GROUP);

  return {
    name: 'plain',
    buffers,
    quantize(job) {
      const { groups, groupSize, bits, format } = job;
      const store = format === 'f16' ? floatToHalf : floatToBf16;
      const codeBytes = (groupSize * bits) / 8;
      for (let group = 0; group < groups; group += 1) {
        const start = group * groupSize;
        if (hasNotFinite(source, start, groupSize, EXPONENT[format])) return group;
        widen(source, start, groupSize, format, values);
        const made = groupScale(values, job);
        if (made === null) return group;
        scales[group] = store(made.scale);
        biases[group] = store(made.bias);
        encode(values, made, job, groupCodes);
        if (bits === 8) copyCodes(groupCodes, groupSize, codes, group * codeBytes);
        else packNibbles(groupCodes, groupSize, codes, group * codeBytes);
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

function hasNotFinite(source: Uint16Array, start: number, count: number, exponent: number): boolean {
  for (let index = start; index < start + count; index += 1) {
    if (((source[index] ?? 0) & exponent) === exponent) return true;
  }
  return false;
}

/**
 * Scale and bias of a group: the end of its range that is further from zero gets a code exactly, and so does zero. Every
 * step is rounded to float32. Null when the range is not finite. Source: MLX 0.32.2, mlx/backend/cpu/quantized.cpp and
 * mlx/backend/metal/kernels/quantized.h, `affine_quantize`; the Metal kernel begins the search of the largest at zero.
 */
function groupScale(values: Float32Array, { groupSize, bits, rule }: AffineJob): GroupScale | null {
  const steps = 2 ** bits - 1;
  let lo = values[0] ?? 0;
  let hi = lo;
  for (let index = 1; index < groupSize; index += 1) {
    const value = values[index] ?? 0;
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
 * Codes of a group, at most 255; values below 0 become 0. Dividing by way of the reciprocal in float64 gives the same
 * float32 as the division itself: a quotient of two 24-bit numbers is never as close to the middle between two float32
 * numbers as the error of the product. Two loops, because one that chooses the rounding for each value is three times
 * as slow.
 */
function encode(
  values: Float32Array,
  { scale, bias }: GroupScale,
  { groupSize, rule }: AffineJob,
  codes: Uint8ClampedArray,
): void {
  const reciprocal = 1 / scale;
  if (rule === 'metal') {
    for (let index = 0; index < groupSize; index += 1) {
      codes[index] = (Math.fround(Math.fround((values[index] ?? 0) - bias) * reciprocal) + 0.5) | 0;
    }
  } else {
    for (let index = 0; index < groupSize; index += 1) {
      codes[index] = roundToEven(Math.fround(Math.fround((values[index] ?? 0) - bias) * reciprocal));
    }
  }
}

/** Two codes of 4 bits in each byte, the first in the low half. */
function packNibbles(codes: Uint8ClampedArray, count: number, target: Uint8Array, at: number): void {
  for (let index = 0; index < count; index += 2) {
    const low = Math.min(15, codes[index] ?? 0);
    const high = Math.min(15, codes[index + 1] ?? 0);
    target[at + (index >> 1)] = low | (high << 4);
  }
}

function copyCodes(codes: Uint8ClampedArray, count: number, target: Uint8Array, at: number): void {
  for (let index = 0; index < count; index += 1) target[at + index] = codes[index] ?? 0;
}
