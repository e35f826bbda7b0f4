import type { BigIntStats } from 'node:fs';

/** Counts the bytes that removing files frees on the volume. */
export interface FreedBytes {
  /** Call for each removed name, with the result of `lstat` from before (`bigint: true`). */
  removed(file: BigIntStats): void;
  /** Returns the bytes freed so far. */
  total(): number;
}

/**
 * A file with several hard links frees its bytes only when all of them were removed; links and folders count for
 * nothing; a file with holes counts what it occupied. Blocks that a clone shares cannot be seen and are counted.
 */
export function createFreedBytes(): FreedBytes {
  const files = new Map<string, { linksLeft: bigint; readonly bytes: number }>();
  return {
    removed(file) {
      if (!file.isFile()) return;
      const key = `${file.dev}:${file.ino}`;
      const known = files.get(key) ?? { linksLeft: file.nlink, bytes: occupiedBytes(file) };
      // The first report fixes how many links there were: later ones see fewer.
      known.linksLeft -= 1n;
      files.set(key, known);
    },
    total() {
      let bytes = 0;
      for (const file of files.values()) if (file.linksLeft <= 0n) bytes += file.bytes;
      return bytes;
    },
  };
}

function occupiedBytes(file: BigIntStats): number {
  const allocated = Number(file.blocks) * 512;
  return Math.min(Number(file.size), allocated);
}
