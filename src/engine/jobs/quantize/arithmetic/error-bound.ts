import { bf16ToFloat, halfToFloat, widen } from './float-formats.ts';
import type { AffineJob, KernelBuffers } from './kernel.ts';

/** How far the codes are from the values that they stand for. */
export interface WorstError {
  /** Largest error in units of its group's scale. */
  readonly steps: number;
  /** False when a value is further off than the arithmetic can explain. */
  readonly isWithinBound: boolean;
}

/** Room for the rounding of the bound itself. */
const SLACK = 1.002;

/**
 * Reads every code back and compares it with its value. One step may be lost at the far end of a group, where codes are
 * clamped; the rest is the rounding of the scale, which counts `n` times at code `n`.
 */
export function worstError(buffers: KernelBuffers, job: AffineJob): WorstError {
  const { groups, groupSize, bits, format } = job;
  const toFloat = format === 'f16' ? halfToFloat : bf16ToFloat;
  const source = new Uint16Array(buffers.source.buffer, buffers.source.byteOffset, groups * groupSize);
  const scales = new Uint16Array(buffers.scales.buffer, buffers.scales.byteOffset, groups);
  const biases = new Uint16Array(buffers.biases.buffer, buffers.biases.byteOffset, groups);
  const values = new Float32Array(groupSize);
  let steps = 0;
  let isWithinBound = true;
  for (let group = 0; group < groups; group += 1) {
    const scale = toFloat(scales[group] ?? 0);
    const bias = toFloat(biases[group] ?? 0);
    const size = Math.abs(scale);
    const bound = (1 + (2 ** bits - 1) * relativeRounding(size, format)) * SLACK;
    widen(source, group * groupSize, groupSize, format, values);
    const error = largestError(values, buffers.codes, (group * groupSize * bits) / 8, { scale, bias, bits });
    if (error / size > steps) steps = error / size;
    if (!(error / size <= bound)) isWithinBound = false;
  }
  return { steps, isWithinBound };
}

interface GroupCodes {
  readonly scale: number;
  readonly bias: number;
  readonly bits: AffineJob['bits'];
}

/** The largest difference in a group between a value and what its code stands for. Its codes begin at byte `start`. */
function largestError(
  values: Float32Array,
  codes: Uint8Array,
  start: number,
  { scale, bias, bits }: GroupCodes,
): number {
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    const code =
      bits === 8
        ? (codes[start + index] ?? 0)
        : ((codes[start + (index >> 1)] ?? 0) >> ((index & 1) << 2)) & 15;
    largest = Math.max(largest, Math.abs(code * scale + bias - (values[index] ?? 0)));
  }
  return largest;
}

/** How far a stored scale may be from the one that the codes were made with, relative to it. */
function relativeRounding(size: number, format: AffineJob['format']): number {
  if (format === 'bf16') return 2 ** -9;
  return Math.max(2 ** -11, 2 ** -25 / size); // Below 2^-14 a half has a fixed step of 2^-24.
}
