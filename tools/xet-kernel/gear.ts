import { TABLE_AT } from '../../src/engine/sources/xet/kernel/layout.ts';
import { MAX_CHUNK_BYTES, SKIPPED_BYTES } from '../../src/engine/sources/xet/kernel/limits.ts';

/** Bytes handled in one turn of the loop. */
const UNROLLED = 8;

/** One byte more: shift the hash and add the byte's number of the table. */
const step = (ahead: number): string => `
      (local.set $hash (i64.add
        (i64.shl (local.get $hash) (i64.const 1))
        (i64.load offset=${TABLE_AT} (i32.shl (i32.load8_u offset=${ahead} (local.get $read)) (i32.const 3)))))`;

/** Ends the chunk behind the byte when the upper 16 bits of the hash are zero. */
const cutOnMatch = (ahead: number): string => `
      (if (i64.eqz (i64.shr_u (local.get $hash) (i64.const 48)))
        (then (return (i32.sub (i32.add (local.get $read) (i32.const ${ahead + 1})) (local.get $start)))))`;

/**
 * `cut(start, end, smallest)`: length of the chunk that begins at `start`, in bytes; `end` is where the data ends. No match is
 * looked for before `smallest` bytes; that is the only difference between the two rules of cutting.
 */
export const GEAR_WAT = `
  (func (export "cut") (param $start i32) (param $end i32) (param $smallest i32) (result i32)
    (local $read i32) (local $limit i32) (local $search i32) (local $hash i64)
    (local.set $limit (i32.add (local.get $start) (i32.const ${MAX_CHUNK_BYTES})))
    (if (i32.gt_u (local.get $limit) (local.get $end)) (then (local.set $limit (local.get $end))))
    (local.set $read (i32.add (local.get $start) (i32.const ${SKIPPED_BYTES})))
    (local.set $search (i32.sub (i32.add (local.get $start) (local.get $smallest)) (i32.const 1)))
    (if (i32.ge_u (local.get $search) (local.get $limit))
      (then (return (i32.sub (local.get $limit) (local.get $start)))))
    (block $warm (loop $next
      (br_if $warm (i32.ge_u (local.get $read) (local.get $search)))${step(0)}
      (local.set $read (i32.add (local.get $read) (i32.const 1)))
      (br $next)))
    (block $few (loop $next
      (br_if $few (i32.gt_u (i32.add (local.get $read) (i32.const ${UNROLLED})) (local.get $limit)))${Array.from(
        { length: UNROLLED },
        (_, ahead) => step(ahead) + cutOnMatch(ahead),
      ).join('')}
      (local.set $read (i32.add (local.get $read) (i32.const ${UNROLLED})))
      (br $next)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $read) (local.get $limit)))${step(0)}${cutOnMatch(0)}
      (local.set $read (i32.add (local.get $read) (i32.const 1)))
      (br $next)))
    (i32.sub (local.get $limit) (local.get $start)))`;
