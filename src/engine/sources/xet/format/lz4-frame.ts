import type { Unpacker } from '../kernel/unpacker.ts';
import { XetFormatError } from './format-error.ts';

/** Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. */
const MAGIC = 0x184d2204;
const VERSION = 1;
const FLAG = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 } as const;
const STORED = 0x8000_0000;
const SHORTEST_BYTES = 7;

const fail = (what: string): never => {
  throw new XetFormatError(`LZ4: ${what}`);
};

/** A range in the memory of an unpacker. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Decodes one LZ4 frame to `out`, which it must fill exactly. Blocks may be independent or linked, compressed or
 * stored, with or without checksums; checksums are skipped: hashes of the content decide. Throws `XetFormatError`
 * before anything is written outside `out` and the slack of the unpacker.
 */
export function decodeLz4Frame(unpacker: Unpacker, frame: Span, out: Span): void {
  const { memory } = unpacker;
  if (frame.end - frame.start < SHORTEST_BYTES) fail('the frame is cut');
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  if (view.getUint32(frame.start, true) !== MAGIC) fail('not a frame');
  const flags = memory[frame.start + 4] ?? 0;
  if (flags >> 6 !== VERSION) fail('unknown version');
  if (flags & FLAG.dictionary) fail('a dictionary is needed');
  let at = frame.start + SHORTEST_BYTES + (flags & FLAG.contentSize ? 8 : 0);
  let write = out.start;
  for (;;) {
    if (at + 4 > frame.end) fail('no end mark');
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) break;
    const block = { start: at, end: at + ((header & ~STORED) >>> 0) };
    if (block.end > frame.end) fail('a block runs past the end');
    write = header & STORED ? copyStored(memory, block, write, out) : unpack(unpacker, block, write, out);
    at = block.end + (flags & FLAG.blockChecksum ? 4 : 0);
  }
  at += flags & FLAG.contentChecksum ? 4 : 0;
  if (at !== frame.end) fail('bytes behind the end');
  if (write !== out.end) fail(`${write - out.start} bytes instead of ${out.end - out.start}`);
}

function copyStored(memory: Uint8Array, { start, end }: Span, write: number, out: Span): number {
  if (write + end - start > out.end) fail('more bytes than announced');
  memory.copyWithin(write, start, end);
  return write + end - start;
}

function unpack(unpacker: Unpacker, { start, end }: Span, write: number, out: Span): number {
  const to = unpacker.unpack(start, end, write, out.start, out.end);
  return to < 0 ? fail('a block that runs past an end, or reaches before the start') : to;
}
