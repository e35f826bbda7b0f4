import type { HashAlgorithm } from '../../shared/model/download.ts';
import type { Hasher } from './hash-pool.ts';
import { SMALL_CONTENT_BYTES, smallHasher } from './small-hasher.ts';

/** Bytes hashed between two progress reports. */
const STEP_BYTES = 64 * 1024 * 1024;

/** A file to hash as a whole. */
export interface HashFileOptions {
  readonly path: string;
  /** Bytes; the file must have exactly this many. */
  readonly size: number;
  readonly algorithm: HashAlgorithm;
  /** Called after each step with the number of bytes hashed. */
  readonly onProgress: (hashedBytes: number) => void;
}

/**
 * Returns the hash by which the Hub would name a file, in hex. Rejects as `HashPool.hash` does, and with the reason of
 * `signal`.
 */
export async function hashFile(
  { path, size, algorithm, onProgress }: HashFileOptions,
  hasher: Pick<Hasher, 'openStream'>,
  signal: AbortSignal,
): Promise<string> {
  const stream = (size <= SMALL_CONTENT_BYTES ? smallHasher : hasher).openStream(algorithm, size);
  try {
    for (let start = 0; start < size; start += STEP_BYTES) {
      signal.throwIfAborted();
      const end = Math.min(size, start + STEP_BYTES);
      await stream.feed({ path, start, end });
      onProgress(end);
    }
  } catch (error) {
    stream.drop();
    throw error;
  }
  return stream.digest();
}

/** The Hub names contents by SHA-256 (64 digits) or git's SHA-1 (40). */
export function algorithmOf(hash: string): HashAlgorithm {
  return hash.length === 64 ? 'sha256' : 'git-sha1';
}
