import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { compileWasm } from './compile-wasm.ts';

/** Compiles WebAssembly modules into the output: name in the output folder → source in src/wasm. */
export function wasmModules(modules: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'wasm-modules',
    async generateBundle() {
      for (const [fileName, source] of Object.entries(modules)) {
        const compiled = await compileWasm(pathToFileURL(resolve(source)));
        this.emitFile({ type: 'asset', fileName, source: await readFile(compiled) });
      }
    },
  };
}
