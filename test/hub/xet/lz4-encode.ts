const HASH_BITS = 14;
const MAX_OFFSET = 65_535;
/** The last five bytes are literals, and no match begins in the last twelve (lz4_Block_format.md, end of block). */
const LAST_LITERALS = 5;
const LAST_MATCH = 12;
/** Blocks of 64 KiB, as the writers of xorbs use. */
const BLOCK_BYTES = 64 * 1024;
const FRAME_HEAD = Buffer.from('04224d18604082', 'hex');

/** An LZ4 frame with independent blocks: a plain greedy encoder, good enough to be decoded by others. */
export function encodeLz4Frame(bytes: Uint8Array): Buffer {
  const parts: Buffer[] = [FRAME_HEAD];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = bytes.subarray(at, at + BLOCK_BYTES);
    const packed = encodeBlock(block);
    const stored = packed.length >= block.length;
    const size = Buffer.alloc(4);
    size.writeUInt32LE(stored ? (block.length | 0x8000_0000) >>> 0 : packed.length);
    parts.push(size, stored ? Buffer.from(block) : packed);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

function encodeBlock(bytes: Uint8Array): Buffer {
  const out: number[] = [];
  const seen = new Int32Array(1 << HASH_BITS).fill(-1);
  let anchor = 0;
  const word = (at: number) =>
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0;
  for (let at = 0; at < bytes.length - LAST_MATCH; ) {
    const slot = Math.imul(word(at), 2_654_435_761) >>> (32 - HASH_BITS);
    const before = seen[slot] ?? -1;
    seen[slot] = at;
    if (before < 0 || at - before > MAX_OFFSET || word(before) !== word(at)) {
      at += 1;
      continue;
    }
    let length = 4;
    while (at + length < bytes.length - LAST_LITERALS && bytes[before + length] === bytes[at + length])
      length += 1;
    sequence(out, bytes.subarray(anchor, at), { offset: at - before, length });
    at += length;
    anchor = at;
  }
  sequence(out, bytes.subarray(anchor), null);
  return Buffer.from(out);
}

function sequence(
  out: number[],
  literals: Uint8Array,
  match: { offset: number; length: number } | null,
): void {
  const extra = (match?.length ?? 4) - 4;
  out.push((Math.min(literals.length, 15) << 4) | (match ? Math.min(extra, 15) : 0));
  more(out, literals.length);
  for (const byte of literals) out.push(byte);
  if (!match) return;
  out.push(match.offset & 255, match.offset >> 8);
  more(out, extra);
}

/** A length of 15 or more goes on in bytes of 255 and a last one below. */
function more(out: number[], length: number): void {
  if (length < 15) return;
  let left = length - 15;
  for (; left >= 255; left -= 255) out.push(255);
  out.push(left);
}
