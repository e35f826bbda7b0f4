import { HASH_BYTES, type PieceKernel } from './kernel.ts';
import { KERNEL_BASE64 } from './kernel-binary.ts';
import { DIGEST_AT, INPUT_AT, KEY_AT, MAX_HASH_BYTES, SLACK_BYTES } from './layout.ts';
import { smallestCut } from './limits.ts';

const PAGE_BYTES = 65_536;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly cut: (start: number, end: number, smallest: number) => number;
  readonly hash: (start: number, length: number) => void;
  readonly unpack: (read: number, end: number, write: number, begin: number, limit: number) => number;
  readonly ungroup: (
    first: number,
    second: number,
    third: number,
    fourth: number,
    count: number,
    write: number,
  ) => number;
}

/** The part of WebAssembly that is used; the types of Node leave it to those of the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/**
 * The kernel as WebAssembly: divides contents and hashes four BLAKE3 chunks at once. `inputBytes` is the size of the
 * input buffer. Throws when this computer's engine cannot run it (no SIMD).
 */
export function wasmKernel(inputBytes: number): PieceKernel {
  const { cut, hash, bytes } = instantiate(inputBytes);
  return {
    input: bytes.subarray(INPUT_AT, INPUT_AT + inputBytes),
    cut: (start, end, rule) => cut(INPUT_AT + start, INPUT_AT + end, smallestCut(rule)),
    hash: (start, end, key) => {
      if (end - start > MAX_HASH_BYTES) throw new RangeError(`more than ${MAX_HASH_BYTES} bytes to hash`);
      bytes.set(key, KEY_AT);
      hash(INPUT_AT + start, end - start);
      return bytes.slice(DIGEST_AT, DIGEST_AT + HASH_BYTES);
    },
  };
}

/**
 * Instantiates the module with `inputBytes` of input at `INPUT_AT` of its memory, which is `bytes`. Throws where it
 * cannot run.
 */
export function instantiate(
  inputBytes: number,
): Omit<Exports, 'memory'> & { bytes: Uint8Array<ArrayBuffer> } {
  const module = new WebAssembly.Module(Buffer.from(KERNEL_BASE64, 'base64'));
  const { memory, ...functions } = new WebAssembly.Instance(module).exports as Exports;
  memory.grow(Math.ceil((inputBytes + SLACK_BYTES) / PAGE_BYTES));
  return { ...functions, bytes: new Uint8Array(memory.buffer) };
}
