import { bf16ToFloat, halfToFloat, widen } from './float-formats.ts';
import type { AffineJob, KernelBuffers } from './kernel.ts';

/** How far the codes deviate from their values. */
export interface WorstError {
  /** Largest error in units of its group's scale. */
  readonly steps: number;
  /** False when a value is further off than the arithmetic can explain. */
  readonly isWithinBound: boolean;
}

/** Tolerance for the rounding of the bound itself. */
const SLACK = 1.002;

/**
 * Decodes every code and compares it with its value. One step may be lost at the far end of a group, where codes are
 * clamped; the rest is the rounding of the scale, which counts `n` times at code `n`.
 */
export function worstError(buffers: KernelBuffers, job: AffineJob): WorstError {
  const { groups, groupSize, bits, format } = job;
  const toFloat = format === 'f16' ? halfToFloat : bf16ToFloat;
  const source = new Uint16Array(buffers.source.buffer, buffers.source.byteOffset, groups * groupSize);
  const scales = new Uint16Array(buffers.scales.buffer, buffers.scales.byteOffset, groups);
  const biases = new Uint16Array(buffers.biases.buffer, buffers.biases.byteOffset, groups);
  const values = new Float32Array(groupSize);
  const codes = new Uint8Array(groupSize);
  let steps = 0;
  let isWithinBound = true;
  for (let group = 0; group < groups; group += 1) {
    const scale = toFloat(scales[group] ?? 0);
    const bias = toFloat(biases[group] ?? 0);
    const size = Math.abs(scale);
    const bound = (1 + (2 ** bits - 1) * relativeRounding(size, format)) * SLACK;
    widen(source, group * groupSize, groupSize, format, values);
    unpack(buffers.codes, (group * groupSize * bits) / 8, bits, codes);
    const error = largestError(values, codes, scale, bias) / size;
    if (error > steps) steps = error;
    if (!(error <= bound)) isWithinBound = false;
  }
  return { steps, isWithinBound };
}

/** The codes of a group, one a byte. Its bytes begin at `start`. */
function unpack(packed: Uint8Array, start: number, bits: AffineJob['bits'], codes: Uint8Array): void {
  if (bits === 8) {
    for (let index = 0; index < codes.length; index += 1) codes[index] = packed[start + index] ?? 0;
  } else {
    for (let index = 0; index < codes.length; index += 2) {
      const byte = packed[start + (index >> 1)] ?? 0;
      codes[index] = byte & 15;
      codes[index + 1] = byte >> 4;
    }
  }
}

/** Returns the largest difference in a group between a value and its decoded code. */
function largestError(values: Float32Array, codes: Uint8Array, scale: number, bias: number): number {
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    const error = Math.abs((codes[index] ?? 0) * scale + bias - (values[index] ?? 0));
    if (error > largest) largest = error;
  }
  return largest;
}

/** Returns how far a stored scale may deviate from the one the codes were computed with, relative to it. */
function relativeRounding(size: number, format: AffineJob['format']): number {
  if (format === 'bf16') return 2 ** -9;
  return Math.max(2 ** -11, 2 ** -25 / size); // Below 2^-14 a half has a fixed step of 2^-24.
}
