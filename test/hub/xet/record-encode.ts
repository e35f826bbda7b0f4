import { RECORD_HEADER_BYTES, type Scheme } from '../../../src/engine/sources/xet/format/record.ts';
import { encodeLz4Frame } from './lz4-encode.ts';

const SCHEMES: readonly Scheme[] = ['stored', 'lz4', 'grouped-lz4'];

/** Header of a record. */
export function recordHeader(bodyBytes: number, scheme: Scheme, chunkBytes: number): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.writeUIntLE(bodyBytes, 1, 3);
  header[4] = SCHEMES.indexOf(scheme);
  header.writeUIntLE(chunkBytes, 5, 3);
  return header;
}

/** Packs a chunk; as writers do, it is stored as it is when packing does not make it smaller. */
export function encodeChunk(chunk: Uint8Array, scheme: Scheme): { scheme: Scheme; body: Uint8Array } {
  if (scheme === 'stored') return { scheme, body: chunk };
  const body = encodeLz4Frame(scheme === 'lz4' ? chunk : groupBytes(chunk));
  return body.length < chunk.length ? { scheme, body } : { scheme: 'stored', body: chunk };
}

/** Byte `4i + k` becomes element `i` of group `k`. */
export function groupBytes(bytes: Uint8Array): Uint8Array {
  const grouped = Buffer.allocUnsafe(bytes.length);
  let written = 0;
  for (let group = 0; group < 4; group += 1) {
    for (let at = group; at < bytes.length; at += 4) grouped[written++] = bytes[at] as number;
  }
  return grouped;
}
