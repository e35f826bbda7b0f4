/** Gives the bytes of one span of a content, piece by piece. */
export interface BlockReader {
  /** The next bytes, at most `maxBytes` of them; an empty buffer after the last byte. */
  next(maxBytes: number): Buffer | Promise<Buffer>;
  /**
   * Gives the memory of a block back at once; nobody may look at the block afterwards. Blocks that are not given back
   * are left to the garbage collector, which is slow to notice them.
   */
  release?(block: Buffer): void;
  /** Gives back what the reader holds. Safe to call more than once. */
  close(): void;
}

/** Bytes that can be read from any offset, without being held in memory. */
export interface Content {
  readonly size: number;
  /** Reads from `start` up to, not including, `end`. */
  open(start: number, end: number): BlockReader;
}

const READ_BYTES = 1 << 20;

/** All bytes of a span at once; meant for small contents and for tests. */
export async function readAll(content: Content, start = 0, end = content.size): Promise<Buffer> {
  const reader = content.open(start, end);
  const blocks: Buffer[] = [];
  try {
    for (;;) {
      const block = await reader.next(READ_BYTES);
      if (block.length === 0) return Buffer.concat(blocks);
      blocks.push(block);
    }
  } finally {
    reader.close();
  }
}
