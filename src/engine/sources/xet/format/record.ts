import { MAX_CHUNK_BYTES } from '../kernel/limits.ts';
import { ungroupBytes } from './byte-grouping.ts';
import { XetFormatError } from './format-error.ts';
import { decodeLz4Frame } from './lz4-frame.ts';

/** Source: huggingface/hub-docs, docs/xet/xorb.md; huggingface/xet-core, xorb_chunk_format.rs. */
export const RECORD_HEADER_BYTES = 8;
/** Largest body of a record, in bytes. */
export const MAX_BODY_BYTES = 262_144;

const SCHEMES = ['stored', 'lz4', 'grouped-lz4'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Header of one chunk in a stored xorb. */
export interface RecordHeader {
  readonly bodyBytes: number;
  readonly scheme: Scheme;
  /** Length of the chunk once decoded. */
  readonly chunkBytes: number;
}

const fail = (what: string): never => {
  throw new XetFormatError(`a chunk's record: ${what}`);
};

/** Reads the header at `at`. Throws `XetFormatError` for what no writer makes. */
export function readRecordHeader(bytes: Uint8Array, at: number): RecordHeader {
  if (at + RECORD_HEADER_BYTES > bytes.length) fail('the header is cut');
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_HEADER_BYTES);
  const first = view.getUint32(0, true);
  const second = view.getUint32(4, true);
  const version = first & 0xff;
  const scheme = SCHEMES[second & 0xff];
  const header = { bodyBytes: first >>> 8, chunkBytes: second >>> 8 };
  if (version !== 0) fail(`version ${version}`);
  if (!scheme) return fail(`scheme ${second & 0xff}`);
  if (header.chunkBytes === 0 || header.chunkBytes > MAX_CHUNK_BYTES)
    fail(`a chunk of ${header.chunkBytes} bytes`);
  if (header.bodyBytes > MAX_BODY_BYTES) fail(`a body of ${header.bodyBytes} bytes`);
  if (scheme === 'stored' && header.bodyBytes !== header.chunkBytes) fail('two lengths for one stored chunk');
  return { ...header, scheme };
}

/** Decodes a body into `out`, which has the length of the chunk. `scratch` has room for the largest chunk. */
export function decodeBody(scheme: Scheme, body: Uint8Array, out: Uint8Array, scratch: Uint8Array): void {
  switch (scheme) {
    case 'stored':
      out.set(body);
      return;
    case 'lz4':
      decodeLz4Frame(body, out);
      return;
    case 'grouped-lz4': {
      const grouped = scratch.subarray(0, out.length);
      decodeLz4Frame(body, grouped);
      ungroupBytes(grouped, out);
    }
  }
}

/**
 * Decodes the records that are `bytes`, exactly `count` of them, and hands each chunk to `take` with its index; the array is
 * overwritten by the next one. Throws `XetFormatError` when records are cut, wrong, too few or too many.
 */
export function decodeRecords(
  bytes: Uint8Array,
  count: number,
  take: (chunk: Uint8Array, index: number) => void,
): void {
  const out = new Uint8Array(MAX_CHUNK_BYTES);
  const scratch = new Uint8Array(MAX_CHUNK_BYTES);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const { bodyBytes, scheme, chunkBytes } = readRecordHeader(bytes, at);
    at += RECORD_HEADER_BYTES;
    if (at + bodyBytes > bytes.length) fail('the body runs past the range');
    const chunk = out.subarray(0, chunkBytes);
    decodeBody(scheme, bytes.subarray(at, at + bodyBytes), chunk, scratch);
    at += bodyBytes;
    take(chunk, index);
  }
  if (at !== bytes.length) fail(`${bytes.length - at} bytes behind the last one`);
}
