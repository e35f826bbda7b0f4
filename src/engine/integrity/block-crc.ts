import { crc32 } from 'node:zlib';
import { type BlockCheck, blockEnd, checksOf } from '../../shared/model/block.ts';

/** CRC-32 of each block of a run of bytes that arrives in pieces. */
export class BlockCrcs {
  readonly #crcs: number[] = [];
  #position: number;
  /** End of the block being read. */
  #blockEnd: number;

  /** `start` is the offset of the first byte in the file. */
  constructor(start: number) {
    this.#position = start;
    this.#blockEnd = start;
  }

  /** Adds the next bytes. */
  add(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#position === this.#blockEnd) {
        this.#blockEnd = blockEnd(this.#position);
        this.#crcs.push(0);
      }
      const count = Math.min(bytes.length - at, this.#blockEnd - this.#position);
      const last = this.#crcs.length - 1;
      this.#crcs[last] = crc32(bytes.subarray(at, at + count), this.#crcs[last]);
      at += count;
      this.#position += count;
    }
  }

  /** One CRC for each block that the bytes so far touch, in order. */
  get crcs(): Uint32Array {
    return Uint32Array.from(this.#crcs);
  }
}

/** Returns the checks of buffers that are adjacent in a file, from `position` on. */
export function blockChecksOf(buffers: readonly Buffer[], position: number): BlockCheck[] {
  const crcs = new BlockCrcs(position);
  let end = position;
  for (const buffer of buffers) {
    crcs.add(buffer);
    end += buffer.length;
  }
  return checksOf({ start: position, end }, crcs.crcs);
}

/** The polynomial of CRC-32, bits reversed. */
const POLYNOMIAL = 0xedb88320;
/** x to the power of 1, bits reversed. */
const X = 0x40000000;

/**
 * Returns the CRC-32 of two adjacent pieces, from that of each and the length of the second in bytes. Source:
 * `crc32_combine` of zlib, https://github.com/madler/zlib/blob/v1.3.1/crc32.c
 */
export function combineCrcs(first: number, second: number, secondBytes: number): number {
  // Each following byte shifts the first piece's polynomial by 8 bits.
  let shift = 0x80000000;
  let power = square(square(square(X)));
  for (let rest = secondBytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shift = multiply(power, shift);
    power = square(power);
  }
  return (multiply(shift, first) ^ second) >>> 0;
}

const square = (a: number): number => multiply(a, a);

/** Returns the product of two polynomials modulo {@link POLYNOMIAL}. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 31; bit >= 0; bit -= 1) {
    if ((a >>> bit) & 1) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}
