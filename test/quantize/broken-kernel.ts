import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileWasm } from '../../tools/wasm/compile-wasm.ts';

const SOURCE = new URL('../../src/wasm/quantize-kernel.ts', import.meta.url);

/** Compiles the fast kernel with one mistake in it: `right` in its source is replaced by `wrong`. */
export async function brokenKernel(right: string, wrong: string): Promise<URL> {
  const text = await readFile(SOURCE, 'utf8');
  if (!text.includes(right)) throw new Error(`The kernel has no ${right}.`);
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-kernel-'));
  try {
    const path = join(folder, 'broken-kernel.ts');
    await writeFile(path, text.replace(right, wrong));
    return await compileWasm(pathToFileURL(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
