import { MAX_CHUNK_BYTES } from '../kernel/limits.ts';
import { XetFormatError } from './format-error.ts';

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

/** Reads the header at `at`. Throws `XetFormatError` for one that no writer produces. */
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
