const VECTOR_BYTES = 16;
const MIN_MATCH = 4;

/** A length of 15 goes on in the bytes that follow, until one is not 255. */
const lengthGoesOn = (length: string): string => `
      (if (i32.eq (local.get ${length}) (i32.const 15)) (then
        (loop $more
          (if (i32.ge_u (local.get $read) (local.get $end)) (then (return (i32.const 0))))
          (local.set $byte (i32.load8_u (local.get $read)))
          (local.set $read (i32.add (local.get $read) (i32.const 1)))
          (local.set ${length} (i32.add (local.get ${length}) (local.get $byte)))
          (br_if $more (i32.eq (local.get $byte) (i32.const 255))))))`;

/** Copies `length` bytes in whole vectors, so up to 15 more than that. The source is at least a vector before the target, or apart. */
const copyVectors = (from: string, length: string): string => `
      (local.set $done (i32.const 0))
      (loop $copy
        (v128.store (i32.add (local.get $write) (local.get $done)) (v128.load (i32.add (local.get ${from}) (local.get $done))))
        (local.set $done (i32.add (local.get $done) (i32.const ${VECTOR_BYTES})))
        (br_if $copy (i32.lt_u (local.get $done) (local.get ${length}))))`;

const fail = (condition: string): string => `
      (if ${condition} (then (return (i32.const 0))))`;

/**
 * `unpack(read, end, write, begin, limit)`: decodes the LZ4 block from `read` to `end` to where `write` is. Matches reach back as
 * far as `begin`, and nothing is kept behind `limit`, though up to 15 bytes behind it are overwritten. Returns where the
 * output ends, or 0 for a block that is malformed. Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md.
 */
const UNPACK_WAT = `
  (func (export "unpack") (param $read i32) (param $end i32) (param $write i32) (param $begin i32) (param $limit i32) (result i32)
    (local $token i32) (local $length i32) (local $byte i32) (local $done i32) (local $offset i32) (local $from i32)
    (block $over (loop $sequence
      (br_if $over (i32.ge_u (local.get $read) (local.get $end)))
      (local.set $token (i32.load8_u (local.get $read)))
      (local.set $read (i32.add (local.get $read) (i32.const 1)))
      (local.set $length (i32.shr_u (local.get $token) (i32.const 4)))${lengthGoesOn('$length')}${fail(
        `(i32.or (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $read)))
                (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $write))))`,
      )}${copyVectors('$read', '$length')}
      (local.set $read (i32.add (local.get $read) (local.get $length)))
      (local.set $write (i32.add (local.get $write) (local.get $length)))
      (br_if $over (i32.eq (local.get $read) (local.get $end)))${fail(
        '(i32.gt_u (i32.add (local.get $read) (i32.const 2)) (local.get $end))',
      )}
      (local.set $offset (i32.load16_u (local.get $read)))
      (local.set $read (i32.add (local.get $read) (i32.const 2)))
      (local.set $length (i32.and (local.get $token) (i32.const 15)))${lengthGoesOn('$length')}
      (local.set $length (i32.add (local.get $length) (i32.const ${MIN_MATCH})))${fail(
        `(i32.or (i32.eqz (local.get $offset)) (i32.or
                (i32.gt_u (local.get $offset) (i32.sub (local.get $write) (local.get $begin)))
                (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $write)))))`,
      )}
      (local.set $from (i32.sub (local.get $write) (local.get $offset)))
      (if (i32.ge_u (local.get $offset) (i32.const ${VECTOR_BYTES}))
        (then ${copyVectors('$from', '$length')})
        (else (if (i32.eq (local.get $offset) (i32.const 1))
          (then (memory.fill (local.get $write) (i32.load8_u (local.get $from)) (local.get $length)))
          (else
            (local.set $done (i32.const 0))
            (loop $each
              (i32.store8 (i32.add (local.get $write) (local.get $done)) (i32.load8_u (i32.add (local.get $from) (local.get $done))))
              (local.set $done (i32.add (local.get $done) (i32.const 1)))
              (br_if $each (i32.lt_u (local.get $done) (local.get $length))))))))
      (local.set $write (i32.add (local.get $write) (local.get $length)))
      (br $sequence)))
    (local.get $write))`;

/** Bytes of two vectors in turns, from the lower or the upper half of each. */
const inTurns = (a: string, b: string, width: 1 | 2, half: 'low' | 'high'): string => {
  const lanes = Array.from({ length: 8 / width }, (_, lane) => lane + (half === 'low' ? 0 : 8 / width));
  const bytes = lanes.flatMap((lane) =>
    [0, VECTOR_BYTES].flatMap((vector) =>
      Array.from({ length: width }, (_, byte) => vector + lane * width + byte),
    ),
  );
  return `(i8x16.shuffle ${bytes.join(' ')} (local.get ${a}) (local.get ${b}))`;
};

const store = (at: number, value: string): string => `
      (v128.store offset=${at} (local.get $write) ${value})`;

/**
 * `ungroup(first, second, third, fourth, count, write)`: takes bytes from four groups in turns, `count` from each, in steps of
 * 16. Returns how many it took from each: what is left is less than a step.
 */
const UNGROUP_WAT = `
  (func (export "ungroup") (param $first i32) (param $second i32) (param $third i32) (param $fourth i32) (param $count i32)
    (param $write i32) (result i32)
    (local $done i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $ab v128) (local $cd v128)
    (block $over (loop $step
      (br_if $over (i32.gt_u (i32.add (local.get $done) (i32.const ${VECTOR_BYTES})) (local.get $count)))${[
        ['$a', '$first'],
        ['$b', '$second'],
        ['$c', '$third'],
        ['$d', '$fourth'],
      ]
        .map(
          ([vector, group]) => `
      (local.set ${vector} (v128.load (i32.add (local.get ${group}) (local.get $done))))`,
        )
        .join('')}${(['low', 'high'] as const)
        .map(
          (half, index) => `
      (local.set $ab ${inTurns('$a', '$b', 1, half)})
      (local.set $cd ${inTurns('$c', '$d', 1, half)})${store(
        index * 32,
        inTurns('$ab', '$cd', 2, 'low'),
      )}${store(index * 32 + 16, inTurns('$ab', '$cd', 2, 'high'))}`,
        )
        .join('')}
      (local.set $write (i32.add (local.get $write) (i32.const ${4 * VECTOR_BYTES})))
      (local.set $done (i32.add (local.get $done) (i32.const ${VECTOR_BYTES})))
      (br $step)))
    (local.get $done))`;

/** What unpacks stored chunks, as functions of a WebAssembly module. */
export const UNPACK_WATS = [UNPACK_WAT, UNGROUP_WAT].join('\n');
