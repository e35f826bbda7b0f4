import type { ByteRange, ByteRanges } from '../../../../shared/model/byte-range.ts';
import type { HashedSpan } from '../format/tree.ts';
import { HASH_BYTES } from '../kernel/kernel.ts';
import type { CutRule } from '../kernel/limits.ts';

/** Content-defined chunks of a part of a file, as returned by the hash threads. */
export interface CutPieces {
  readonly lengths: Uint32Array;
  /** 32 bytes a chunk. */
  readonly hashes: Uint8Array;
}

/** Bytes of a file in Xet storage that are on this disk. */
export interface LocalBytes {
  /** The available ranges; the rest must not be read. */
  readonly present: ByteRanges;
  /** Divides and hashes a part. Without a rule only at the borders. */
  readonly cut: (
    range: ByteRange,
    cutting: { readonly rule: CutRule | null; readonly borders: readonly number[] },
  ) => Promise<CutPieces>;
}

/** Returns the chunks as a list. */
export function spansOf({ lengths, hashes }: CutPieces): HashedSpan[] {
  return Array.from(lengths, (length, index) => ({
    hash: hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
    length,
  }));
}

/** True when every byte of `range` is there. */
export const isPresent = (present: ByteRanges, { start, end }: ByteRange): boolean =>
  present.some((range) => range.start <= start && range.end >= end);
