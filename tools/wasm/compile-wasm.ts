import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** Modules are compiled once for each content of their source. */
const CACHE = new URL('../../node_modules/.cache/haulyard-wasm/', import.meta.url);

/** No garbage collector, no checks, SIMD on; the same bytes from the same source. */
const OPTIONS = [
  '--optimizeLevel',
  '3',
  '--converge',
  '--noAssert',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--enable',
  'simd',
];

/**
 * Compiles a module of src/wasm, or takes it from the cache. Returns where the `.wasm` file lies. Throws with the compiler's
 * messages when the source does not compile.
 */
export async function compileWasm(source: URL): Promise<URL> {
  const text = await readFile(source, 'utf8');
  const key = createHash('sha256')
    .update([asc.version, ...OPTIONS, text].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const name = basename(fileURLToPath(source), '.ts');
  const target = new URL(`${name}-${key}.wasm`, CACHE);
  if ((await readFile(target).catch(() => null)) !== null) return target;
  await mkdir(CACHE, { recursive: true });
  const temporary = new URL(`${name}-${key}.${process.pid}.tmp`, CACHE);
  await writeFile(temporary, await compile(name, text));
  await rename(temporary, target);
  return target;
}

async function compile(name: string, text: string): Promise<Uint8Array> {
  const written = new Map<string, Uint8Array>();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([`${name}.ts`, '--outFile', `${name}.wasm`, ...OPTIONS], {
    stderr,
    readFile: (path) => (path === `${name}.ts` ? text : null),
    writeFile: (path, content) => {
      written.set(path, typeof content === 'string' ? Buffer.from(content) : content);
    },
    listFiles: () => [],
  });
  const module = written.get(`${name}.wasm`);
  if (error || !module) throw new Error(`${name} does not compile: ${stderr.toString() || error?.message}`);
  return module;
}
