import { KERNEL_BYTES, type Kernel, kernelBuffers } from './kernel.ts';

/** What the module of src/wasm/quantize-kernel.ts exports. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  quantize(
    source: number,
    groups: number,
    groupSize: number,
    bits: number,
    format: number,
    rule: number,
    codes: number,
    scales: number,
    biases: number,
  ): number;
  castToBf16(source: number, count: number, target: number): number;
}

/** A page of WebAssembly memory. */
const PAGE_BYTES = 65_536;
/** After anything the compiler may have put at the start of memory. */
const START = PAGE_BYTES;

/**
 * Creates the fast kernel. `module` is the content of the built `quantize-kernel.wasm`. Throws where SIMD is not
 * available.
 */
export function createSimdKernel(module: Uint8Array<ArrayBuffer>): Kernel {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module));
  const wasm = instance.exports as unknown as KernelExports;
  const pages = Math.ceil((START + KERNEL_BYTES) / PAGE_BYTES) - wasm.memory.buffer.byteLength / PAGE_BYTES;
  if (pages > 0) wasm.memory.grow(pages);
  const buffers = kernelBuffers(wasm.memory.buffer, START);
  const at = {
    source: buffers.source.byteOffset,
    codes: buffers.codes.byteOffset,
    scales: buffers.scales.byteOffset,
    biases: buffers.biases.byteOffset,
  };
  return {
    name: 'simd',
    buffers,
    quantize({ groups, groupSize, bits, format, rule }) {
      const isHalf = format === 'f16' ? 1 : 0;
      const isMetal = rule === 'metal' ? 1 : 0;
      return wasm.quantize(
        at.source,
        groups,
        groupSize,
        bits,
        isHalf,
        isMetal,
        at.codes,
        at.scales,
        at.biases,
      );
    },
    castToBf16(count) {
      const eights = wasm.castToBf16(at.source, count, at.codes);
      return eights < 0 ? -1 : eights * 8;
    },
  };
}
