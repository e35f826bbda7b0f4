import { AppError } from '../../../../shared/contract/errors.ts';
import type { HashPool } from '../../../integrity/hash-pool.ts';
import type { SourceFile } from '../source/read-source.ts';

/** Bytes hashed between two checks of the clock. */
const STEP_BYTES = 16 * 1024 * 1024;

/**
 * Hashes files in order and compares each with its expected hash. Throws `HashMismatch` for one that differs. `onBytes`
 * is called after each step.
 */
export async function hashSources(
  files: readonly SourceFile[],
  hasher: Pick<HashPool, 'openStream'>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const { path, realPath, size, sha256 } of files) {
    const found = await hashFile(realPath, size, hasher, onBytes, signal);
    if (sha256 !== null && found !== sha256) throw damagedSource(path, sha256, found);
  }
}

/** SHA-256 of a file of `size` bytes in hex. */
export async function hashFile(
  path: string,
  size: number,
  hasher: Pick<HashPool, 'openStream'>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const stream = hasher.openStream('sha256', size);
  try {
    for (let start = 0; start < size; start += STEP_BYTES) {
      signal.throwIfAborted();
      const end = Math.min(size, start + STEP_BYTES);
      await stream.feed({ path, start, end });
      onBytes(end - start);
    }
  } catch (error) {
    stream.drop();
    throw error;
  }
  return stream.digest();
}

/** The message begins with what is wrong; what to do about it follows. */
function damagedSource(path: string, expected: string, found: string): AppError {
  return new AppError(
    'HashMismatch',
    `${path} on this disk is damaged: it doesn’t match its checksum. Nothing was installed.`,
    { details: { path, expected, found, source: true, remedy: 'repair' } },
  );
}
