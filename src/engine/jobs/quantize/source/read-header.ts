import { open } from 'node:fs/promises';
import { onDisk } from '../../../errors/cache-error.ts';
import { type Header, headerLength, LENGTH_BYTES, parseHeader } from '../safetensors/header.ts';

/**
 * Reads the header of a safetensors file. Throws `BadRequest` naming `name` when it is inconsistent, or a disk error.
 */
export async function readHeader(name: string, path: string): Promise<Header> {
  return onDisk('reading', path, async () => {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const first = await readStart(file, LENGTH_BYTES, 0);
      const length = headerLength(name, first, size);
      return parseHeader(name, await readStart(file, length, LENGTH_BYTES), size);
    } finally {
      await file.close();
    }
  });
}

async function readStart(
  file: Awaited<ReturnType<typeof open>>,
  length: number,
  position: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
