import { bf16ToFloat, halfToFloat } from './float-formats.ts';
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
export function worstError(
  buffers: KernelBuffers,
  { groups, groupSize, bits, format }: AffineJob,
): WorstError {
  const toFloat = format === 'f16' ? halfToFloat : bf16ToFloat;
  const source = new Uint16Array(buffers.source.buffer, buffers.source.byteOffset, groups * groupSize);
  const scales = new Uint16Array(buffers.scales.buffer, buffers.scales.byteOffset, groups);
  const biases = new Uint16Array(buffers.biases.buffer, buffers.biases.byteOffset, groups);
  const most = 2 ** bits - 1;
  const perByte = 8 / bits;
  let steps = 0;
  let isWithinBound = true;
  for (let group = 0; group < groups; group += 1) {
    const scale = toFloat(scales[group] ?? 0);
    const bias = toFloat(biases[group] ?? 0);
    const size = Math.abs(scale);
    const bound = (1 + most * relativeRounding(size, format)) * SLACK;
    for (let index = group * groupSize; index < (group + 1) * groupSize; index += 1) {
      const code = ((buffers.codes[Math.floor(index / perByte)] ?? 0) >> ((index % perByte) * bits)) & most;
      const error = Math.abs(code * scale + bias - toFloat(source[index] ?? 0)) / size;
      if (error > steps) steps = error;
      if (!(error <= bound)) isWithinBound = false;
    }
  }
  return { steps, isWithinBound };
}

/** How far a stored scale may be from the one that the codes were made with, relative to it. */
function relativeRounding(size: number, format: AffineJob['format']): number {
  if (format === 'bf16') return 2 ** -9;
  return Math.max(2 ** -11, 2 ** -25 / size); // Below 2^-14 a half has a fixed step of 2^-24.
}
