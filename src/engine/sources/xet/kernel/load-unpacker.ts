import { plainUnpacker } from './plain-unpacker.ts';
import type { Unpacker } from './unpacker.ts';
import { wasmUnpacker } from './wasm-unpacker.ts';

/** Returns the fastest unpacker that runs here. */
export function loadUnpacker(memoryBytes: number): Unpacker {
  try {
    return wasmUnpacker(memoryBytes);
  } catch {
    return plainUnpacker(memoryBytes); // No WebAssembly, or none with SIMD.
  }
}
