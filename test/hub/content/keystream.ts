import { type Cipheriv, createCipheriv, createHash } from 'node:crypto';

const BLOCK_BYTES = 16;
const ZEROES = Buffer.alloc(1 << 20);

/** The key that belongs to a seed. */
export function keyOf(seed: string): Buffer {
  return createHash('sha256').update(`haulyard test hub ${seed}`).digest();
}

/**
 * Endless pseudo-random bytes from any offset: the AES-256-CTR keystream of `key`, whose counter is the offset
 * divided by the 16 bytes of a cipher block. Returns a function that gives the next `bytes` bytes (1 MiB at most).
 */
export function keystream(key: Buffer, offset: number): (bytes: number) => Buffer {
  const cipher = cipherAt(key, offset);
  return (bytes) => cipher.update(ZEROES.subarray(0, bytes));
}

function cipherAt(key: Buffer, offset: number): Cipheriv {
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(Math.floor(offset / BLOCK_BYTES)), 8);
  const cipher = createCipheriv('aes-256-ctr', key, counter);
  cipher.update(ZEROES.subarray(0, offset % BLOCK_BYTES));
  return cipher;
}
