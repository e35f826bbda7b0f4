import { dtypeBytes, dtypeOrder } from './dtypes.ts';
import { LENGTH_BYTES, type Tensor } from './header.ts';

/** A tensor that a file will have. */
export interface TensorShape {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A file to be written: its first bytes, its length, and the position of each tensor. */
export interface FileLayout {
  /** Length and header: everything in front of the data. */
  readonly head: Uint8Array<ArrayBuffer>;
  readonly fileBytes: number;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Data begin at a multiple of this. */
const ALIGNMENT = 8;
const SPACE = 0x20;

/**
 * Lays out a file in the one form that is written here, so that its bytes follow from its tensors alone: wider types
 * first, names in byte order, header keys in the order of the data, no blanks, padded with spaces to a multiple of 8.
 */
export function layOut(shapes: readonly TensorShape[]): FileLayout {
  const keyed = shapes.map((shape) => ({ ...shape, key: Buffer.from(shape.name, 'utf8') }));
  keyed.sort((a, b) => dtypeOrder(a.dtype) - dtypeOrder(b.dtype) || Buffer.compare(a.key, b.key));
  const placed: Tensor[] = [];
  let at = 0;
  for (const { name, dtype, shape } of keyed) {
    const end = at + bytesOf(dtype, shape);
    placed.push({ name, dtype, shape, start: at, end });
    at = end;
  }
  const head = headBytes(placed);
  const inFile = placed.map((tensor): [string, Tensor] => [
    tensor.name,
    { ...tensor, start: head.length + tensor.start, end: head.length + tensor.end },
  ]);
  return { head, fileBytes: head.length + at, tensors: new Map(inFile) };
}

function headBytes(placed: readonly Tensor[]): Uint8Array<ArrayBuffer> {
  const entries = placed.map(
    ({ name, dtype, shape, start, end }) =>
      `${ascii(name)}:${JSON.stringify({ dtype, shape, data_offsets: [start, end] })}`,
  );
  const text = `{${['"__metadata__":{"format":"mlx"}', ...entries].join(',')}}`;
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const head = Buffer.alloc(LENGTH_BYTES + length, SPACE);
  head.writeBigUInt64LE(BigInt(length));
  head.write(text, LENGTH_BYTES, 'latin1');
  return head;
}

/** A JSON string without any letter outside ASCII. */
function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function bytesOf(dtype: string, shape: readonly number[]): number {
  const bytes = dtypeBytes(dtype);
  if (bytes === undefined) throw new Error(`unknown type ${dtype}`);
  return shape.reduce((product, size) => product * size, bytes);
}
