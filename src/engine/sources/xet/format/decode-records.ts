import { MAX_CHUNK_BYTES } from '../kernel/limits.ts';
import { loadUnpacker } from '../kernel/load-unpacker.ts';
import { UNPACK_SLACK_BYTES, type Unpacker } from '../kernel/unpacker.ts';
import { XetFormatError } from './format-error.ts';
import { decodeLz4Frame, type Span } from './lz4-frame.ts';
import { RECORD_HEADER_BYTES, readRecordHeader, type Scheme } from './record.ts';

/** Longest batch of stored bytes: large enough for few messages to a thread, and longer than the longest record. */
export const BATCH_BYTES = 512 * 1024;
/** Longest batch once decoded: a few stored bytes may expand to very many. */
export const BATCH_CHUNK_BYTES = 1024 * 1024;

/** Whole, concatenated records within {@link BATCH_BYTES} and {@link BATCH_CHUNK_BYTES}. */
export interface RecordBatch {
  readonly records: Uint8Array;
  readonly count: number;
  /** Length once decoded, in bytes, according to the headers. */
  readonly chunkBytes: number;
}

const GROUPED_AT = BATCH_BYTES + UNPACK_SLACK_BYTES;
const CHUNKS_AT = GROUPED_AT + MAX_CHUNK_BYTES + UNPACK_SLACK_BYTES;
/** Memory that {@link recordDecoder} needs. */
export const DECODER_BYTES = CHUNKS_AT + BATCH_CHUNK_BYTES + UNPACK_SLACK_BYTES;

/**
 * Decodes a batch into `out`: its concatenated chunks, `chunkBytes` in all. Throws `XetFormatError` for records that
 * are truncated, wrong, too few or too many.
 */
export type RecordDecoder = (batch: RecordBatch, out: Uint8Array) => void;

/** Returns a decoder with its own memory, which is reused for each batch. */
export function recordDecoder(unpacker = loadUnpacker(DECODER_BYTES)): RecordDecoder {
  const { memory } = unpacker;
  return ({ records, count, chunkBytes }, out) => {
    if (records.length > BATCH_BYTES || chunkBytes > BATCH_CHUNK_BYTES) fail('too many at once');
    memory.set(records);
    let at = 0;
    let write = CHUNKS_AT;
    for (let index = 0; index < count; index += 1) {
      const header = readRecordHeader(memory.subarray(0, records.length), at);
      const body = { start: at + RECORD_HEADER_BYTES, end: at + RECORD_HEADER_BYTES + header.bodyBytes };
      if (body.end > records.length) fail('the body runs past the range');
      const chunk = { start: write, end: write + header.chunkBytes };
      if (chunk.end > CHUNKS_AT + chunkBytes) fail('chunks longer than announced');
      decodeBody(unpacker, header.scheme, body, chunk);
      at = body.end;
      write = chunk.end;
    }
    if (at !== records.length) fail(`${records.length - at} bytes behind the last one`);
    if (write !== CHUNKS_AT + chunkBytes) fail('chunks shorter than announced');
    out.set(memory.subarray(CHUNKS_AT, write));
  };
}

function decodeBody(unpacker: Unpacker, scheme: Scheme, body: Span, chunk: Span): void {
  switch (scheme) {
    case 'stored':
      unpacker.memory.copyWithin(chunk.start, body.start, body.end);
      return;
    case 'lz4':
      decodeLz4Frame(unpacker, body, chunk);
      return;
    case 'grouped-lz4': {
      const length = chunk.end - chunk.start;
      decodeLz4Frame(unpacker, body, { start: GROUPED_AT, end: GROUPED_AT + length });
      unpacker.ungroup(GROUPED_AT, length, chunk.start);
    }
  }
}

function fail(what: string): never {
  throw new XetFormatError(`a chunk's record: ${what}`);
}
