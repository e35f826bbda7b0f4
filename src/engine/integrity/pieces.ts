import { readSync } from 'node:fs';
import { DATA_KEY } from '../sources/xet/format/keys.ts';
import { HASH_BYTES, type PieceKernel } from '../sources/xet/kernel/kernel.ts';
import { type CutRule, MAX_CHUNK_BYTES } from '../sources/xet/kernel/limits.ts';

/** Input buffer of a kernel that reads files: large enough that what is moved to its front is a small part. */
export const PIECES_INPUT_BYTES = 2 * 1024 * 1024;

/** Content-defined chunks of a part of a file, in order. */
export interface Pieces {
  /** Length of each chunk in bytes. */
  readonly lengths: Uint32Array;
  /** The concatenated chunk hashes, 32 bytes each. */
  readonly hashes: Uint8Array;
}

/**
 * Where to cut: at content by `rule`, and in any case at each of `borders` (ascending offsets in the file). Without a
 * rule only at borders, which must not be farther apart than the largest chunk.
 */
export interface Cutting {
  readonly rule: CutRule | null;
  readonly borders: readonly number[];
}

/** Cuts and hashes the file from `start` to `end`. Throws with code `EOF` when it ends before. */
export function readPieces(
  fd: number,
  kernel: PieceKernel,
  start: number,
  end: number,
  cutting: Cutting,
): Pieces {
  const lengths: number[] = [];
  const hashes: Uint8Array[] = [];
  const ends = [...cutting.borders.filter((border) => border > start && border < end), end];
  let from = start;
  for (const to of ends) {
    cutRun(fd, kernel, from, to, cutting.rule, (length, hash) => {
      lengths.push(length);
      hashes.push(hash);
    });
    from = to;
  }
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  hashes.forEach((hash, index) => {
    joined.set(hash, index * HASH_BYTES);
  });
  return { lengths: Uint32Array.from(lengths), hashes: joined };
}

/**
 * Cuts one run, reading ahead as far as the kernel has room; a chunk is cut only when all it may contain has been read.
 */
function cutRun(
  fd: number,
  kernel: PieceKernel,
  start: number,
  end: number,
  rule: CutRule | null,
  take: (length: number, hash: Uint8Array) => void,
): void {
  const { input } = kernel;
  let readTo = start;
  let filled = 0;
  let at = 0;
  while (readTo < end || at < filled) {
    if (readTo < end && filled - at < MAX_CHUNK_BYTES) {
      input.copyWithin(0, at, filled);
      filled -= at;
      at = 0;
      const wanted = Math.min(input.length - filled, end - readTo);
      readWhole(fd, input, filled, wanted, readTo);
      filled += wanted;
      readTo += wanted;
    }
    const length = rule === null ? Math.min(filled - at, MAX_CHUNK_BYTES) : kernel.cut(at, filled, rule);
    take(length, kernel.hash(at, at + length, DATA_KEY));
    at += length;
  }
}

function readWhole(fd: number, into: Uint8Array, offset: number, length: number, position: number): void {
  for (let done = 0; done < length; ) {
    const count = readSync(fd, into, offset + done, length - done, position + done);
    if (count === 0) throw Object.assign(new Error('the file ends before the part does'), { code: 'EOF' });
    done += count;
  }
}
