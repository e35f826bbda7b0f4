import type { RoundingRule } from '../../../../shared/model/build.ts';

/** Maximum source bytes that a kernel processes at once. */
export const MAX_SOURCE_BYTES = 8 * 1024 * 1024;

/** Supported group sizes. Kernels need a multiple of 16. */
export type GroupSize = 32 | 64;
/** Bits of a code. */
export type Bits = 4 | 8;
/** How the values of a source are stored. Scale and bias use the same format. */
export type ValueFormat = 'bf16' | 'f16';

/** What to do with the first `groups` groups of the source. */
export interface AffineJob {
  readonly groups: number;
  readonly groupSize: GroupSize;
  readonly bits: Bits;
  readonly format: ValueFormat;
  readonly rule: RoundingRule;
}

/** Memory of a kernel: the caller fills `source` and reads the results from the other three. */
export interface KernelBuffers {
  readonly source: Uint8Array<ArrayBuffer>;
  /** Codes, or the values of a cast. */
  readonly codes: Uint8Array<ArrayBuffer>;
  readonly scales: Uint8Array<ArrayBuffer>;
  readonly biases: Uint8Array<ArrayBuffer>;
}

/** The arithmetic of one thread. Two implementations produce the same bytes and check each other. */
export interface Kernel {
  readonly name: 'plain' | 'simd';
  readonly buffers: KernelBuffers;
  /** Affine quantization. Returns -1, or the index of the first group with a value that is not finite. */
  quantize(job: AffineJob): number;
  /**
   * Rounds the first `count` float32 values to BF16. Returns -1, or the index of a value near the first one that is not
   * finite before or after. Also reads and writes up to 7 values after `count`.
   */
  castToBf16(count: number): number;
}

/** Maximum bytes of codes, or of cast values, of one run: half of the source, with 8 bits for a 16-bit value. */
const MAX_CODE_BYTES = MAX_SOURCE_BYTES / 2;
/** Most bytes of scales: one 16-bit number for each group of 32. */
const MAX_SCALE_BYTES = (MAX_SOURCE_BYTES / 2 / 32) * 2;

/** Bytes of memory that {@link kernelBuffers} divides up. */
export const KERNEL_BYTES = MAX_SOURCE_BYTES + MAX_CODE_BYTES + 2 * MAX_SCALE_BYTES;

/** The four buffers side by side in `memory`, from `start`. */
export function kernelBuffers(memory: ArrayBuffer, start: number): KernelBuffers {
  const codes = start + MAX_SOURCE_BYTES;
  const scales = codes + MAX_CODE_BYTES;
  return {
    source: new Uint8Array(memory, start, MAX_SOURCE_BYTES),
    codes: new Uint8Array(memory, codes, MAX_CODE_BYTES),
    scales: new Uint8Array(memory, scales, MAX_SCALE_BYTES),
    biases: new Uint8Array(memory, scales + MAX_SCALE_BYTES, MAX_SCALE_BYTES),
  };
}
