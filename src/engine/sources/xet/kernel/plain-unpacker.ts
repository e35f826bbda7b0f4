import { groupsOf, type Unpacker } from './unpacker.ts';

const MIN_MATCH = 4;
/** Below this length, copying byte by byte costs less than a call. */
const SHORT_BYTES = 24;

/**
 * The unpacker in plain TypeScript, for systems without WebAssembly and as a reference in the tests of the other one.
 */
export function plainUnpacker(memoryBytes: number): Unpacker {
  const memory = new Uint8Array(memoryBytes);
  return {
    memory,
    unpack: (read, end, write, begin, limit) => unpackBlock(memory, read, end, write, begin, limit),
    ungroup: (read, length, write) => ungroupBytes(memory, read, length, write),
  };
}

/**
 * Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md. A length of 15 continues in the bytes that
 * follow, until one is not 255.
 */
function unpackBlock(
  memory: Uint8Array,
  start: number,
  end: number,
  to: number,
  begin: number,
  limit: number,
): number {
  let read = start;
  let write = to;
  const goOn = (length: number): number => {
    let sum = length;
    for (let more = length === 15 ? 255 : 0; more === 255; sum += more) {
      if (read >= end) return Number.POSITIVE_INFINITY;
      more = memory[read++] as number;
    }
    return sum;
  };
  while (read < end) {
    const token = memory[read++] as number;
    const literals = goOn(token >> 4);
    if (literals > end - read || literals > limit - write) return -1;
    copy(memory, read, write, literals, true);
    read += literals;
    write += literals;
    if (read === end) return write; // The last sequence has literals only.
    if (read + 2 > end) return -1;
    const offset = (memory[read] as number) | ((memory[read + 1] as number) << 8);
    read += 2;
    const length = goOn(token & 15) + MIN_MATCH;
    if (offset === 0 || offset > write - begin || length > limit - write) return -1;
    copy(memory, write - offset, write, length, offset >= length);
    write += length;
  }
  return write;
}

/** A match that overlaps itself repeats what it wrote. */
function copy(memory: Uint8Array, from: number, to: number, length: number, isApart: boolean): void {
  if (isApart && length >= SHORT_BYTES) memory.copyWithin(to, from, from + length);
  else for (let index = 0; index < length; index += 1) memory[to + index] = memory[from + index] as number;
}

/** Byte `4i + k` is element `i` of group `k`. Source: huggingface/xet-core, bg4.rs. */
export function ungroupBytes(memory: Uint8Array, read: number, length: number, write: number): void {
  for (const [group, start] of groupsOf(length).entries()) {
    for (let from = read + start, at = group; at < length; at += 4)
      memory[write + at] = memory[from++] as number;
  }
}
