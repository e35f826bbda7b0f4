import { fstatSync, readSync } from 'node:fs';

/** Unit in which ext4, APFS and NTFS keep holes: one that is all zeros was most likely never written. */
const PAGE_BYTES = 4096;
const READ_BYTES = 256 * PAGE_BYTES;
const ZEROS = Buffer.alloc(READ_BYTES);

/**
 * Returns the parts of a sparse file that were written, as pairs of offsets. Weights are not zeros, so pages of zeros
 * are holes, and zeros at either end of a part belong to the adjacent hole: an attempt seldom ends where a page does.
 * Zeros that were really written are merely left out. Reads `maxBytes` at most: a file of nothing can have any length.
 */
export function writtenParts(fd: number, maxBytes: number): Array<[number, number]> {
  const size = Math.min(fstatSync(fd).size, maxBytes);
  const parts: Array<[number, number]> = [];
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let at = 0; at < size; at += READ_BYTES) {
    const count = readSync(fd, buffer, 0, Math.min(READ_BYTES, size - at), at);
    if (isEmpty(buffer, 0, count)) continue;
    for (let from = 0; from < count; from += PAGE_BYTES) {
      addPage(parts, at, buffer, from, Math.min(from + PAGE_BYTES, count));
    }
  }
  return parts;
}

/** Extends the last part by a page when both meet without an empty page between them, otherwise begins a new one. */
function addPage(
  parts: Array<[number, number]>,
  at: number,
  buffer: Buffer,
  pageStart: number,
  pageEnd: number,
): void {
  if (isEmpty(buffer, pageStart, pageEnd)) return;
  let [from, to] = [pageStart, pageEnd];
  while (buffer[from] === 0) from += 1;
  while (buffer[to - 1] === 0) to -= 1;
  const last = parts.at(-1);
  // Zeros around a page boundary inside a part are content as long as neither page is empty.
  if (last && at + pageStart - last[1] < PAGE_BYTES) last[1] = at + to;
  else parts.push([at + from, at + to]);
}

/** Comparing with zeros is many times faster than checking each byte. */
function isEmpty(buffer: Buffer, start: number, end: number): boolean {
  return buffer.compare(ZEROS, 0, end - start, start, end) === 0;
}
