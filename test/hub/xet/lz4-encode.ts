const HASH_BITS = 14;
const MAX_OFFSET = 65_535;
/** The last five bytes are literals, and no match begins in the last twelve (lz4_Block_format.md, end of block). */
const LAST_LITERALS = 5;
const LAST_MATCH = 12;
/** Blocks of 64 KiB, as the writers of xorbs use. */
const BLOCK_BYTES = 64 * 1024;
const FRAME_HEAD = Buffer.from('04224d18604082', 'hex');
const END_MARK_BYTES = 4;
/** After so many places without a match, as a power of two, the search takes longer steps: noise costs little then. */
const PATIENCE_BITS = 6;

/** Used again and again: where bytes of this hash were last seen in the block. */
const seen = new Int32Array(1 << HASH_BITS);

/** An LZ4 frame with independent blocks: a plain greedy encoder, good enough to be decoded by others. */
export function encodeLz4Frame(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES);
  const out = Buffer.allocUnsafe(FRAME_HEAD.length + bytes.length + blocks * 4 + END_MARK_BYTES);
  let at = FRAME_HEAD.copy(out);
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    const packed = encodeBlock(block, out.subarray(at + 4, at + 4 + block.length));
    if (packed === null) out.set(block, at + 4);
    const length = packed ?? block.length;
    out.writeUInt32LE(packed === null ? (length | 0x8000_0000) >>> 0 : length, at);
    at += 4 + length;
  }
  out.writeUInt32LE(0, at);
  return out.subarray(0, at + END_MARK_BYTES);
}

/** Packs a block into `out`, which is as long as the block. @returns bytes written; null when it does not become shorter */
function encodeBlock(bytes: Uint8Array, out: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const matchLimit = bytes.length - LAST_LITERALS;
  let anchor = 0;
  let written = 0;
  let misses = 1 << PATIENCE_BITS;
  seen.fill(-1);
  for (let at = 0; at < bytes.length - LAST_MATCH; ) {
    const word = view.getUint32(at, true);
    const slot = Math.imul(word, 2_654_435_761) >>> (32 - HASH_BITS);
    const before = seen[slot] as number;
    seen[slot] = at;
    if (before < 0 || at - before > MAX_OFFSET || view.getUint32(before, true) !== word) {
      at += misses++ >> PATIENCE_BITS;
      continue;
    }
    misses = 1 << PATIENCE_BITS;
    let length = 4;
    while (at + length < matchLimit && bytes[before + length] === bytes[at + length]) length += 1;
    if (written + longestSequence(at - anchor, length) >= out.length) return null;
    written = putLiterals(out, written, bytes.subarray(anchor, at), Math.min(length - 4, 15));
    out[written++] = (at - before) & 255;
    out[written++] = (at - before) >> 8;
    written = putLength(out, written, length - 4);
    at += length;
    anchor = at;
  }
  if (written + longestSequence(bytes.length - anchor, 4) >= out.length) return null;
  return putLiterals(out, written, bytes.subarray(anchor), 0);
}

const longestSequence = (literals: number, match: number): number =>
  literals + 6 + Math.floor(literals / 255) + Math.floor(match / 255);

function putLiterals(out: Uint8Array, at: number, literals: Uint8Array, low: number): number {
  out[at] = (Math.min(literals.length, 15) << 4) | low;
  const start = putLength(out, at + 1, literals.length);
  if (literals.length > 32) out.set(literals, start);
  else
    for (let index = 0; index < literals.length; index += 1) out[start + index] = literals[index] as number;
  return start + literals.length;
}

/** A length of 15 or more continues in bytes of 255 and a last one below. */
function putLength(out: Uint8Array, start: number, length: number): number {
  if (length < 15) return start;
  let at = start;
  let left = length - 15;
  for (; left >= 255; left -= 255) out[at++] = 255;
  out[at++] = left;
  return at;
}
