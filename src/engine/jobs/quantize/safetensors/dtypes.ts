/** Bytes of one number. Source: safetensors 0.6, src/tensor.rs, `Dtype`. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ['F64', 8],
  ['U64', 8],
  ['I64', 8],
  ['U32', 4],
  ['F32', 4],
  ['I32', 4],
  ['BF16', 2],
  ['F16', 2],
  ['U16', 2],
  ['I16', 2],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['U8', 1],
  ['I8', 1],
  ['BOOL', 1],
]);

const ORDER = [...BYTES.keys()];

/** Returns the bytes of one number of a type; undefined for an unknown type. */
export const dtypeBytes = (dtype: string): number | undefined => BYTES.get(dtype);

/** Place of a type in a file: wider ones first, which keeps every tensor aligned. */
export const dtypeOrder = (dtype: string): number => ORDER.indexOf(dtype);
