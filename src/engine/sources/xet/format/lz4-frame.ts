import { XetFormatError } from './format-error.ts';

/** Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md. */
const MAGIC = 0x184d2204;
const VERSION = 1;
const FLAG = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 } as const;
const STORED = 0x8000_0000;
const MIN_MATCH = 4;

const fail = (what: string): never => {
  throw new XetFormatError(`LZ4: ${what}`);
};

/**
 * Decodes one LZ4 frame into `out`, which it must fill exactly. Blocks may be independent or linked, packed or stored, with or
 * without checksums; checksums are skipped: hashes of the content decide. Throws `XetFormatError` before anything is written
 * outside of `out`.
 */
export function decodeLz4Frame(frame: Uint8Array, out: Uint8Array): void {
  if (frame.length < 7) fail('the frame is cut');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) fail('not a frame');
  const flags = frame[4] ?? 0;
  if (flags >> 6 !== VERSION) fail('unknown version');
  if (flags & FLAG.dictionary) fail('a dictionary is needed');
  let at = 7 + (flags & FLAG.contentSize ? 8 : 0);
  let written = 0;
  for (;;) {
    if (at + 4 > frame.length) fail('no end mark');
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const size = (header & ~STORED) >>> 0;
    if (at + size > frame.length) fail('a block runs past the end');
    const block = frame.subarray(at, at + size);
    written = header & STORED ? copyStored(block, out, written) : decodeBlock(block, out, written);
    at += size + (flags & FLAG.blockChecksum ? 4 : 0);
  }
  at += flags & FLAG.contentChecksum ? 4 : 0;
  if (at !== frame.length) fail('bytes behind the end');
  if (written !== out.length) fail(`${written} bytes instead of ${out.length}`);
}

function copyStored(block: Uint8Array, out: Uint8Array, written: number): number {
  if (written + block.length > out.length) fail('more bytes than announced');
  out.set(block, written);
  return written + block.length;
}

/** A length of 15 goes on in the bytes that follow, until one is not 255. */
function decodeBlock(block: Uint8Array, out: Uint8Array, begin: number): number {
  const end = block.length;
  const limit = out.length;
  let read = 0;
  let write = begin;
  while (read < end) {
    const token = block[read++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      for (let more = 255; more === 255; literals += more) {
        if (read >= end) fail('a length is cut');
        more = block[read++] as number;
      }
    }
    if (read + literals > end || write + literals > limit) fail('literals run past the end');
    if (literals < 24)
      for (let index = 0; index < literals; index += 1) out[write + index] = block[read + index] as number;
    else out.set(block.subarray(read, read + literals), write);
    read += literals;
    write += literals;
    if (read === end) return write; // The last sequence has literals only.
    if (read + 2 > end) fail('an offset is cut');
    const offset = (block[read] as number) | ((block[read + 1] as number) << 8);
    read += 2;
    let length = token & 15;
    if (length === 15) {
      for (let more = 255; more === 255; length += more) {
        if (read >= end) fail('a length is cut');
        more = block[read++] as number;
      }
    }
    length += MIN_MATCH;
    if (offset === 0 || offset > write) fail('an offset points before the start');
    if (write + length > limit) fail('a match runs past the end');
    const from = write - offset;
    if (offset >= length && length >= 24) out.copyWithin(write, from, from + length);
    else for (let index = 0; index < length; index += 1) out[write + index] = out[from + index] as number;
    write += length;
  }
  return write;
}
