import type { PieceKernel } from './kernel.ts';
import { plainKernel } from './plain-kernel.ts';
import { wasmKernel } from './wasm-kernel.ts';

/** Returns the fastest kernel that runs here, with room for `inputBytes` of input. */
export function loadKernel(inputBytes: number): PieceKernel {
  try {
    return wasmKernel(inputBytes);
  } catch {
    return plainKernel(inputBytes); // No WebAssembly, or none with SIMD.
  }
}
