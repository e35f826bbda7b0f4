import { INPUT_AT } from './layout.ts';
import { groupsOf, type Unpacker } from './unpacker.ts';
import { instantiate } from './wasm-kernel.ts';

/** The unpacker as WebAssembly: copies 16 bytes at once. Throws when this computer's engine cannot run it (no SIMD). */
export function wasmUnpacker(memoryBytes: number): Unpacker {
  const { unpack, ungroup, bytes } = instantiate(memoryBytes);
  const memory = bytes.subarray(INPUT_AT, INPUT_AT + memoryBytes);
  return {
    memory,
    unpack(read, end, write, begin, limit) {
      const place = INPUT_AT;
      return (
        (unpack(place + read, place + end, place + write, place + begin, place + limit) || place - 1) - place
      );
    },
    ungroup(read, length, write) {
      const starts = groupsOf(length).map((start) => read + start);
      const [first = 0, second = 0, third = 0, fourth = 0] = starts.map((start) => INPUT_AT + start);
      let index = ungroup(first, second, third, fourth, length >> 2, INPUT_AT + write);
      for (let at = index * 4; at < length; index += 1) {
        for (const start of starts) if (at < length) memory[write + at++] = memory[start + index] as number;
      }
    },
  };
}
