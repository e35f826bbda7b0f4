import type { Content } from './content.ts';

/** Content held in memory. */
export function bytesContent(bytes: Buffer): Content {
  return {
    size: bytes.length,
    open(start, end) {
      const stop = Math.min(end, bytes.length);
      let position = start;
      return {
        next(maxBytes) {
          const block = bytes.subarray(position, Math.min(stop, position + maxBytes));
          position += block.length;
          return block;
        },
        close() {},
      };
    },
  };
}
