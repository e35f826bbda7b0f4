import { readFileSync } from 'node:fs';
import type { Kernel } from '../../src/engine/jobs/quantize/arithmetic/kernel.ts';
import { createPlainKernel } from '../../src/engine/jobs/quantize/arithmetic/plain-kernel.ts';
import { createSimdKernel } from '../../src/engine/jobs/quantize/arithmetic/simd-kernel.ts';
import { compileWasm } from '../../tools/wasm/compile-wasm.ts';

/** The built module of the fast kernel. */
export const KERNEL_MODULE = await compileWasm(new URL('../../src/wasm/quantize-kernel.ts', import.meta.url));

/** Both kernels, each with a name for a test. */
export const KERNELS: ReadonlyArray<readonly [string, Kernel]> = [
  ['plain', createPlainKernel()],
  ['simd', createSimdKernel(new Uint8Array(readFileSync(KERNEL_MODULE)))],
];
