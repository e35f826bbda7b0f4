import { BLAKE3_IV, MESSAGE_ORDER } from './blake3-constants.ts';

const CHUNK_BYTES = 1024;
const BLOCK_BYTES = 64;
/** Domain flags. Source: BLAKE3 specification, table 3. */
const CHUNK_START = 1;
const CHUNK_END = 2;
const PARENT = 4;
const ROOT = 8;
const KEYED_HASH = 16;

/** The input of the last compression at the top of a tree: it is known to be the root only when nothing follows. */
interface Node {
  readonly chain: Uint32Array;
  readonly block: Uint32Array;
  readonly blockBytes: number;
  readonly counter: number;
  readonly flags: number;
}

/** BLAKE3 of `bytes` with a key of 32 bytes, written as in the specification. */
export function keyedBlake3(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const keyWords = wordsOf(key, 0, 32);
  const root = treeOf(keyWords, bytes, 0);
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  compress({ ...root, flags: root.flags | ROOT }).forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  return digest;
}

/** The left subtree is the largest power of two of chunks that leaves something for the right one. */
function treeOf(key: Uint32Array, bytes: Uint8Array, firstChunk: number): Node {
  if (bytes.length <= CHUNK_BYTES) return chunkNode(key, bytes, firstChunk);
  let left = CHUNK_BYTES;
  while (left * 2 < bytes.length) left *= 2;
  const block = new Uint32Array(16);
  block.set(compress(treeOf(key, bytes.subarray(0, left), firstChunk)), 0);
  block.set(compress(treeOf(key, bytes.subarray(left), firstChunk + left / CHUNK_BYTES)), 8);
  return { chain: key, block, blockBytes: BLOCK_BYTES, counter: 0, flags: KEYED_HASH | PARENT };
}

function chunkNode(key: Uint32Array, bytes: Uint8Array, counter: number): Node {
  let chain = key;
  let flags = KEYED_HASH | CHUNK_START;
  let at = 0;
  for (; bytes.length - at > BLOCK_BYTES; at += BLOCK_BYTES) {
    chain = compress({
      chain,
      block: wordsOf(bytes, at, BLOCK_BYTES),
      blockBytes: BLOCK_BYTES,
      counter,
      flags,
    });
    flags = KEYED_HASH;
  }
  const blockBytes = bytes.length - at;
  return { chain, block: wordsOf(bytes, at, blockBytes), blockBytes, counter, flags: flags | CHUNK_END };
}

/** Little-endian words of a block, padded with zeros. */
function wordsOf(bytes: Uint8Array, at: number, length: number): Uint32Array {
  const words = new Uint32Array(16);
  for (let index = 0; index < length; index += 1) {
    words[index >> 2] = (words[index >> 2] ?? 0) | ((bytes[at + index] ?? 0) << ((index & 3) * 8));
  }
  return words;
}

function compress({ chain, block, blockBytes, counter, flags }: Node): Uint32Array {
  const state = new Uint32Array(16);
  state.set(chain.subarray(0, 8), 0);
  state.set(BLAKE3_IV.slice(0, 4), 8);
  state.set([counter, 0, blockBytes, flags], 12);
  for (const order of MESSAGE_ORDER) round(state, block, order);
  return state.subarray(0, 8).map((word, index) => word ^ (state[index + 8] ?? 0));
}

function round(state: Uint32Array, block: Uint32Array, order: readonly number[]): void {
  const word = (index: number) => block[order[index] ?? 0] ?? 0;
  mix(state, 0, 4, 8, 12, word(0), word(1));
  mix(state, 1, 5, 9, 13, word(2), word(3));
  mix(state, 2, 6, 10, 14, word(4), word(5));
  mix(state, 3, 7, 11, 15, word(6), word(7));
  mix(state, 0, 5, 10, 15, word(8), word(9));
  mix(state, 1, 6, 11, 12, word(10), word(11));
  mix(state, 2, 7, 8, 13, word(12), word(13));
  mix(state, 3, 4, 9, 14, word(14), word(15));
}

function mix(v: Uint32Array, a: number, b: number, c: number, d: number, x: number, y: number): void {
  const get = (index: number) => v[index] ?? 0;
  v[a] = get(a) + get(b) + x;
  v[d] = rotateRight(get(d) ^ get(a), 16);
  v[c] = get(c) + get(d);
  v[b] = rotateRight(get(b) ^ get(c), 12);
  v[a] = get(a) + get(b) + y;
  v[d] = rotateRight(get(d) ^ get(a), 8);
  v[c] = get(c) + get(d);
  v[b] = rotateRight(get(b) ^ get(c), 7);
}

const rotateRight = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));
