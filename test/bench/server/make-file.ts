import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { keyOf, keystream } from '../../hub/content/keystream.ts';

/** A file to download. */
export interface SourceFile {
  /** Where it is on disk. */
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

const BLOCK_BYTES = 1 << 20;

/** Writes a file of bytes that cannot be compressed, the same for the same seed, and hashes it. */
export async function makeFile(file: string, size: number, seed: string): Promise<SourceFile> {
  const next = keystream(keyOf(seed), 0);
  const handle = await open(file, 'w');
  const hash = createHash('sha256');
  try {
    for (let written = 0; written < size; written += BLOCK_BYTES) {
      const block = next(Math.min(BLOCK_BYTES, size - written));
      hash.update(block);
      await handle.write(block);
    }
  } finally {
    await handle.close();
  }
  return { file, size, sha256: hash.digest('hex') };
}

/** Makes a file of zeroes that takes no room on disk, and hashes it. */
export async function makeSparseFile(file: string, size: number): Promise<SourceFile> {
  const handle = await open(file, 'w');
  await handle.truncate(size);
  await handle.close();
  const zeroes = Buffer.alloc(BLOCK_BYTES);
  const hash = createHash('sha256');
  for (let hashed = 0; hashed < size; hashed += BLOCK_BYTES) {
    hash.update(zeroes.subarray(0, Math.min(BLOCK_BYTES, size - hashed)));
  }
  return { file, size, sha256: hash.digest('hex') };
}
