import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { keyOf, keystream } from '../../hub/content/keystream.ts';
import type { SourceFile } from './make-file.ts';

const BLOCK_BYTES = 1 << 20;
/** Spread of the weights of a layer, about that of trained models. */
const SIGMA = 0.02;
const VALUES = 65_536;

/**
 * Writes a file of numbers in bf16 that are spread as weights are, the same for the same seed, and hashes it. Such files are what
 * Xet packs best: byte by byte, the upper half of each number repeats itself.
 */
export async function makeWeights(file: string, size: number, seed: string): Promise<SourceFile> {
  const table = weightTable();
  const next = keystream(keyOf(seed), 0);
  const handle = await open(file, 'w');
  const hash = createHash('sha256');
  try {
    for (let written = 0; written < size; written += BLOCK_BYTES) {
      const numbers = new Uint16Array(BLOCK_BYTES / 2);
      const block = Buffer.from(numbers.buffer, 0, Math.min(BLOCK_BYTES, size - written));
      next(BLOCK_BYTES).copy(Buffer.from(numbers.buffer));
      for (let at = 0; at < numbers.length; at += 1) numbers[at] = table[numbers[at] as number] as number;
      hash.update(block);
      await handle.write(block);
    }
  } finally {
    await handle.close();
  }
  return { file, size, sha256: hash.digest('hex') };
}

/** As many weights, each as likely as the others, as bf16: the quantiles of a normal distribution. */
function weightTable(): Uint16Array {
  const table = new Uint16Array(VALUES);
  const number = new Float32Array(1);
  const bits = new Uint32Array(number.buffer);
  let z = -5;
  for (let at = 0; at < VALUES; at += 1) {
    const share = (at + 0.5) / VALUES;
    while (normalShare(z) < share) z += 0.0005;
    number[0] = z * SIGMA;
    table[at] = ((bits[0] as number) + 0x8000) >>> 16;
  }
  return table;
}

/** Share of a normal distribution below `z`. Source: Abramowitz and Stegun, 26.2.17. */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z < 0 ? tail : 1 - tail;
}
