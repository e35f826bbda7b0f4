import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { layOut, type TensorShape } from '../../src/engine/jobs/quantize/safetensors/layout.ts';

/** Bytes that are made and written at once. */
const STEP_BYTES = 8 * 1024 * 1024;

/** A commit for made-up repositories. */
export const COMMIT = '1234567890123456789012345678901234567890';

/**
 * Writes a safetensors file of these tensors with weights that follow from `seed`: BF16 values around a few hundredths, as
 * models have them. Returns its SHA-256.
 */
export async function writeWeights(path: string, shapes: readonly TensorShape[], seed = 1): Promise<string> {
  const { head, fileBytes } = layOut(shapes);
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    const put = async (bytes: Uint8Array, at: number) => {
      hash.update(bytes);
      await file.write(bytes, 0, bytes.length, at);
    };
    await put(head, 0);
    const random = randomWeights(seed);
    const step = new Uint8Array(STEP_BYTES);
    for (let at = head.length; at < fileBytes; at += STEP_BYTES) {
      const bytes = step.subarray(0, Math.min(STEP_BYTES, fileBytes - at));
      random(bytes);
      await put(bytes, at);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Fills arrays with BF16 patterns: any sign and fraction, exponents of 2^-9 to 2^-2. Fast enough for gigabytes. */
function randomWeights(seed: number): (target: Uint8Array) => void {
  let state = seed | 1;
  return (target) => {
    const words = new Uint32Array(target.buffer, target.byteOffset, Math.floor(target.length / 4));
    for (let index = 0; index < words.length; index += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      words[index] = (state & 0x83ff_83ff) | 0x3b00_3b00;
    }
    target.fill(0x3c, words.length * 4);
  };
}

/** A file of a made-up repository: its content, or a file to be moved in. */
export type RepositoryFile = { readonly path: string; readonly text: string };

/** Puts contents into a cache under their hashes, and links them into a snapshot, as the tools of Hugging Face do. */
export async function addRepository(
  cacheDir: string,
  repo: string,
  weights: ReadonlyMap<string, readonly TensorShape[]>,
  others: readonly RepositoryFile[],
  seed = 1,
): Promise<{ readonly snapshot: string; readonly hashes: ReadonlyMap<string, string> }> {
  const folder = join(cacheDir, `models--${repo.replace('/', '--')}`);
  const snapshot = join(folder, 'snapshots', COMMIT);
  await mkdir(join(folder, 'blobs'), { recursive: true });
  await mkdir(join(folder, 'refs'), { recursive: true });
  await mkdir(snapshot, { recursive: true });
  await writeFile(join(folder, 'refs', 'main'), COMMIT);
  const hashes = new Map<string, string>();
  const link = async (path: string, sha256: string) => {
    hashes.set(path, sha256);
    const name = join(snapshot, path);
    await symlink(relative(dirname(name), join(folder, 'blobs', sha256)), name);
  };
  for (const [path, shapes] of weights) {
    const growing = join(folder, 'growing');
    const sha256 = await writeWeights(growing, shapes, seed);
    await rename(growing, join(folder, 'blobs', sha256));
    await link(path, sha256);
  }
  for (const { path, text } of others) {
    const sha256 = createHash('sha256').update(text).digest('hex');
    await writeFile(join(folder, 'blobs', sha256), text);
    await link(path, sha256);
  }
  return { snapshot, hashes };
}

/** Puts a folder of files into a cache as a repository. */
export async function addFolder(cacheDir: string, repo: string, folder: string): Promise<void> {
  const { snapshot } = await addRepository(cacheDir, repo, new Map(), []);
  const blobs = join(snapshot, '..', '..', 'blobs');
  for (const path of await readdir(folder)) {
    const content = await readFile(join(folder, path));
    const sha256 = createHash('sha256').update(content).digest('hex');
    await writeFile(join(blobs, sha256), content);
    await symlink(relative(snapshot, join(blobs, sha256)), join(snapshot, path));
  }
}
