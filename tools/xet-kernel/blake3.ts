import {
  BLOCK_AT,
  CHAIN_AT,
  DIGEST_AT,
  INPUT_AT,
  KEY_AT,
  LEVEL_AT,
} from '../../src/engine/sources/xet/kernel/layout.ts';
import { compression, FLAGS, type Lanes } from './compression.ts';

const CHUNK_BYTES = 1024;
const BLOCK_BYTES = 64;
const BLOCKS = CHUNK_BYTES / BLOCK_BYTES;
const KEYED = FLAGS.keyedHash;

/** One block at a time. `$block` is read from memory where a word is needed; `$h0`… is the chaining value. */
const SCALAR: Lanes = {
  type: 'i32',
  add: (a, b) => `(i32.add ${a} ${b})`,
  xor: (a, b) => `(i32.xor ${a} ${b})`,
  rotateRight: (a, bits) => `(i32.rotr ${a} (i32.const ${bits}))`,
  constant: (value) => `(i32.const ${value})`,
  word: (index) => `(i32.load offset=${index * 4} (local.get $block))`,
};

const bytesRotated = (bits: number): string =>
  Array.from({ length: 16 }, (_, at) => (at & ~3) + ((at + bits / 8) & 3)).join(' ');

/** Four blocks at once, one a lane; the 16 words stand transposed in locals. */
const FOUR: Lanes = {
  type: 'v128',
  add: (a, b) => `(i32x4.add ${a} ${b})`,
  xor: (a, b) => `(v128.xor ${a} ${b})`,
  rotateRight: (a, bits) =>
    bits % 8 === 0
      ? `(i8x16.shuffle ${bytesRotated(bits)} ${a} ${a})`
      : `(v128.or (i32x4.shr_u ${a} (i32.const ${bits})) (i32x4.shl ${a} (i32.const ${32 - bits})))`,
  constant: (value) => `(v128.const i32x4 ${Array(4).fill(value).join(' ')})`,
  word: (index) => `(local.get $m${index})`,
};

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const locals = (prefix: string, count: number, type: string): string =>
  range(count)
    .map((index) => `(local $${prefix}${index} ${type})`)
    .join(' ');

/** Two words of `a` and two of `b`, by lane number (4-7 are those of `b`). */
const pick = (lanes: readonly number[], a: string, b: string): string =>
  `(i8x16.shuffle ${lanes.flatMap((lane) => range(4).map((byte) => lane * 4 + byte)).join(' ')} ${a} ${b})`;

/** Turns four vectors of a row each into four of a column each: `out0`… from `in0`… (names of locals). */
function transpose(inputs: readonly string[], outputs: readonly string[]): string {
  const input = inputs.map((name) => `(local.get $${name})`);
  const [a = '', b = '', c = '', d = ''] = input;
  const set = (name: string | undefined, value: string) => `(local.set $${name} ${value})`;
  const t = ['t0', 't1', 't2', 't3'].map((name) => `(local.get $${name})`);
  const [t0 = '', t1 = '', t2 = '', t3 = ''] = t;
  return [
    set('t0', pick([0, 4, 1, 5], a, b)),
    set('t1', pick([2, 6, 3, 7], a, b)),
    set('t2', pick([0, 4, 1, 5], c, d)),
    set('t3', pick([2, 6, 3, 7], c, d)),
    set(outputs[0], pick([0, 1, 4, 5], t0, t2)),
    set(outputs[1], pick([2, 3, 6, 7], t0, t2)),
    set(outputs[2], pick([0, 1, 4, 5], t1, t3)),
    set(outputs[3], pick([2, 3, 6, 7], t1, t3)),
  ].join('\n      ');
}

/** Loads 4 × 4 words of the four blocks, 16 bytes from `offset` on in each, and transposes them into `$m{first}`…. */
const loadWords = (quarter: number): string => {
  const names = range(4).map((index) => `m${quarter * 4 + index}`);
  const loads = names.map(
    (name, lane) =>
      `(local.set $${name} (v128.load offset=${quarter * 16} (i32.add (local.get $block) (i32.mul (local.get $stride) (i32.const ${lane})))))`,
  );
  return `${loads.join('\n      ')}\n      ${transpose(names, names)}`;
};

const storeLanes = (half: number): string => {
  const names = range(4).map((index) => `h${half * 4 + index}`);
  const stores = names.map(
    (name, lane) => `(v128.store offset=${lane * 32 + half * 16} (local.get $out) (local.get $${name}))`,
  );
  return `${transpose(names, names)}\n    ${stores.join('\n    ')}`;
};

/** `four(block, stride, blocks, counter, step, flags, out)`: chaining values of four chunks or parents that lie `stride` apart. */
const FOUR_WAT = `
  (func $four (param $block i32) (param $stride i32) (param $blocks i32) (param $counter i32) (param $step i32)
    (param $flags i32) (param $first i32) (param $last i32) (param $out i32)
    ${locals('h', 8, 'v128')} ${locals('v', 16, 'v128')} ${locals('m', 16, 'v128')} ${locals('t', 4, 'v128')}
    (local $lanes v128) (local $now i32)
    ${range(8)
      .map((index) => `(local.set $h${index} (v128.load32_splat offset=${KEY_AT + index * 4} (i32.const 0)))`)
      .join('\n    ')}
    (local.set $lanes (i32x4.add (i32x4.splat (local.get $counter))
      (i32x4.mul (i32x4.splat (local.get $step)) (v128.const i32x4 0 1 2 3))))
    (local.set $now (i32.or (local.get $flags) (local.get $first)))
    (loop $next
      (if (i32.eq (local.get $blocks) (i32.const 1)) (then (local.set $now (i32.or (local.get $now) (local.get $last)))))
      ${range(4).map(loadWords).join('\n      ')}
      ${compression(FOUR, {
        counter: '(local.get $lanes)',
        blockBytes: FOUR.constant(BLOCK_BYTES),
        flags: '(i32x4.splat (local.get $now))',
      })}
      (local.set $now (local.get $flags))
      (local.set $block (i32.add (local.get $block) (i32.const ${BLOCK_BYTES})))
      (br_if $next (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1)))))
    ${range(2).map(storeLanes).join('\n    ')})`;

/** `one(block, bytes, counter, flags, chain, out)`: one block on top of the chaining value at `chain`. */
const ONE_WAT = `
  (func $one (param $block i32) (param $bytes i32) (param $counter i32) (param $flags i32) (param $chain i32) (param $out i32)
    ${locals('h', 8, 'i32')} ${locals('v', 16, 'i32')}
    ${range(8)
      .map((index) => `(local.set $h${index} (i32.load offset=${index * 4} (local.get $chain)))`)
      .join('\n    ')}
    ${compression(SCALAR, { counter: '(local.get $counter)', blockBytes: '(local.get $bytes)', flags: '(local.get $flags)' })}
    ${range(8)
      .map((index) => `(i32.store offset=${index * 4} (local.get $out) (local.get $h${index}))`)
      .join('\n    ')})`;

/** `single(at, length, counter, root, out)`: a chunk of at most 1,024 bytes, block by block, the last one padded with zeros. */
const SINGLE_WAT = `
  (func $single (param $at i32) (param $length i32) (param $counter i32) (param $root i32) (param $out i32)
    (local $chain i32) (local $flags i32)
    (local.set $chain (i32.const ${KEY_AT}))
    (local.set $flags (i32.const ${KEYED | FLAGS.chunkStart}))
    (block $last (loop $next
      (br_if $last (i32.le_u (local.get $length) (i32.const ${BLOCK_BYTES})))
      (call $one (local.get $at) (i32.const ${BLOCK_BYTES}) (local.get $counter) (local.get $flags) (local.get $chain) (i32.const ${CHAIN_AT}))
      (local.set $chain (i32.const ${CHAIN_AT}))
      (local.set $flags (i32.const ${KEYED}))
      (local.set $at (i32.add (local.get $at) (i32.const ${BLOCK_BYTES})))
      (local.set $length (i32.sub (local.get $length) (i32.const ${BLOCK_BYTES})))
      (br $next)))
    (memory.fill (i32.const ${BLOCK_AT}) (i32.const 0) (i32.const ${BLOCK_BYTES}))
    (memory.copy (i32.const ${BLOCK_AT}) (local.get $at) (local.get $length))
    (call $one (i32.const ${BLOCK_AT}) (local.get $length) (local.get $counter)
      (i32.or (local.get $flags) (i32.or (i32.const ${FLAGS.chunkEnd}) (local.get $root))) (local.get $chain) (local.get $out)))`;

/**
 * `hash(at, length)`: keyed BLAKE3 of the bytes, digest at `DIGEST_AT`, key at `KEY_AT`. Whole chunks and their parents go four
 * at a time; in the last group of a level, lanes without work read what lies behind.
 */
const HASH_WAT = `
  (func (export "hash") (param $at i32) (param $length i32)
    (local $whole i32) (local $count i32) (local $index i32) (local $pairs i32) (local $odd0 v128) (local $odd1 v128)
    (if (i32.le_u (local.get $length) (i32.const ${CHUNK_BYTES})) (then
      (call $single (local.get $at) (local.get $length) (i32.const 0) (i32.const ${FLAGS.root}) (i32.const ${DIGEST_AT}))
      (return)))
    (local.set $whole (i32.shr_u (local.get $length) (i32.const 10)))
    (loop $chunks
      (call $four (i32.add (local.get $at) (i32.shl (local.get $index) (i32.const 10))) (i32.const ${CHUNK_BYTES}) (i32.const ${BLOCKS})
        (local.get $index) (i32.const 1) (i32.const ${KEYED}) (i32.const ${FLAGS.chunkStart}) (i32.const ${FLAGS.chunkEnd})
        (i32.add (i32.const ${LEVEL_AT}) (i32.shl (local.get $index) (i32.const 5))))
      (local.set $index (i32.add (local.get $index) (i32.const 4)))
      (br_if $chunks (i32.lt_u (local.get $index) (local.get $whole))))
    (local.set $count (local.get $whole))
    (if (i32.and (local.get $length) (i32.const ${CHUNK_BYTES - 1})) (then
      (call $single (i32.add (local.get $at) (i32.shl (local.get $whole) (i32.const 10)))
        (i32.and (local.get $length) (i32.const ${CHUNK_BYTES - 1})) (local.get $whole) (i32.const 0)
        (i32.add (i32.const ${LEVEL_AT}) (i32.shl (local.get $whole) (i32.const 5))))
      (local.set $count (i32.add (local.get $whole) (i32.const 1)))))
    (block $top (loop $levels
      (br_if $top (i32.le_u (local.get $count) (i32.const 2)))
      (local.set $pairs (i32.shr_u (local.get $count) (i32.const 1)))
      (local.set $index (i32.add (i32.const ${LEVEL_AT}) (i32.shl (i32.sub (local.get $count) (i32.const 1)) (i32.const 5))))
      (local.set $odd0 (v128.load (local.get $index)))
      (local.set $odd1 (v128.load offset=16 (local.get $index)))
      (local.set $index (i32.const 0))
      (loop $parents
        (call $four (i32.add (i32.const ${LEVEL_AT}) (i32.shl (local.get $index) (i32.const 6))) (i32.const ${BLOCK_BYTES}) (i32.const 1)
          (i32.const 0) (i32.const 0) (i32.const ${KEYED | FLAGS.parent}) (i32.const 0) (i32.const 0)
          (i32.add (i32.const ${LEVEL_AT}) (i32.shl (local.get $index) (i32.const 5))))
        (local.set $index (i32.add (local.get $index) (i32.const 4)))
        (br_if $parents (i32.lt_u (local.get $index) (local.get $pairs))))
      (if (i32.and (local.get $count) (i32.const 1)) (then
        (local.set $index (i32.add (i32.const ${LEVEL_AT}) (i32.shl (local.get $pairs) (i32.const 5))))
        (v128.store (local.get $index) (local.get $odd0))
        (v128.store offset=16 (local.get $index) (local.get $odd1))))
      (local.set $count (i32.sub (local.get $count) (local.get $pairs)))
      (br $levels)))
    (call $one (i32.const ${LEVEL_AT}) (i32.const ${BLOCK_BYTES}) (i32.const 0)
      (i32.const ${KEYED | FLAGS.parent | FLAGS.root}) (i32.const ${KEY_AT}) (i32.const ${DIGEST_AT})))`;

/** Keyed BLAKE3 as functions of a WebAssembly module. Source: https://github.com/BLAKE3-team/BLAKE3-specs. */
export const BLAKE3_WAT = [FOUR_WAT, ONE_WAT, SINGLE_WAT, HASH_WAT].join('\n');

/** Pages of memory (64 KiB) that the module begins with; the engine adds what its input needs. */
export const FIRST_PAGES = INPUT_AT / 65_536;
