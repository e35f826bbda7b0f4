/** Gives the bytes of one span of a content, piece by piece. */
export interface BlockReader {
  /** The next bytes, at most `maxBytes` of them; an empty buffer after the last byte. */
  next(maxBytes: number): Buffer | Promise<Buffer>;
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
  const blocks: Buffer[] = [];
  for await (const block of blocksOf(content, start, end)) blocks.push(block);
  return Buffer.concat(blocks);
}

/** The blocks of a span, one after the other. */
export async function* blocksOf(content: Content, start = 0, end = content.size): AsyncGenerator<Buffer> {
  const reader = content.open(start, end);
  try {
    for (;;) {
      const block = await reader.next(READ_BYTES);
      if (block.length === 0) return;
      yield block;
    }
  } finally {
    reader.close();
  }
}
