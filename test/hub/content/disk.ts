import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { BlockReader, Content } from './content.ts';

/** Content of a file on disk, read on demand. Throws when the file does not exist. */
export function diskContent(file: string): Content {
  const size = statSync(file).size;
  return { size, open: (start, end) => diskReader(file, start, Math.min(end, size)) };
}

function diskReader(file: string, start: number, end: number): BlockReader {
  let handle: Promise<FileHandle> | undefined;
  let position = start;
  return {
    async next(maxBytes) {
      const length = Math.min(maxBytes, end - position);
      if (length <= 0) return Buffer.alloc(0);
      handle ??= open(file, 'r');
      const { bytesRead, buffer } = await (await handle).read(
        Buffer.allocUnsafe(length),
        0,
        length,
        position,
      );
      position += bytesRead;
      return buffer.subarray(0, bytesRead);
    },
    close() {
      handle?.then((opened) => opened.close()).catch(() => {});
      handle = undefined;
    },
  };
}
