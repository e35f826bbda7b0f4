import type { BlockReader, Content } from './content.ts';
import { keyOf, keystream } from './keystream.ts';
import { safetensorsHeader } from './safetensors.ts';
import { textContent } from './text.ts';

/** What the made-up bytes look like. */
export type SeededFormat = 'safetensors' | 'binary' | 'text';

/** Content made on the fly: the same seed, size and format give the same bytes everywhere. */
export interface SeededSource {
  readonly size: number;
  readonly seed: string;
  readonly format: SeededFormat;
}

/** Blocks of this size are reused by the allocator; larger ones would be mapped and unmapped each time. */
const MAX_BLOCK_BYTES = 64 * 1024;

/** Any number of bytes, readable from any offset; nothing is stored. Throws when the size cannot hold the format. */
export function seededContent(source: SeededSource): Content {
  const key = keyOf(source.seed);
  if (source.format === 'text') return textContent(key, source.size);
  const head = source.format === 'safetensors' ? safetensorsHeader(source.size) : Buffer.alloc(0);
  return {
    size: source.size,
    open: (start, end) => streamReader(key, head, start, Math.min(end, source.size)),
  };
}

function streamReader(key: Buffer, head: Buffer, start: number, end: number): BlockReader {
  let position = start;
  let next: ((bytes: number) => Buffer) | undefined;
  return {
    next(maxBytes) {
      const length = Math.max(0, Math.min(maxBytes, end - position, MAX_BLOCK_BYTES));
      if (length === 0) return Buffer.alloc(0);
      if (position < head.length) {
        const block = head.subarray(position, Math.min(head.length, position + length));
        position += block.length;
        return block;
      }
      next ??= keystream(key, position);
      position += length;
      return next(length);
    },
    release(block) {
      if (block.length === MAX_BLOCK_BYTES && block.buffer !== head.buffer && isWhole(block))
        block.buffer.transfer(0);
    },
    close() {},
  };
}

/** False for a part of a larger buffer, which others may still use. */
function isWhole(block: Buffer): block is Buffer<ArrayBuffer> {
  return block.byteLength === block.buffer.byteLength && block.buffer instanceof ArrayBuffer;
}
