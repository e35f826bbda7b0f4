import { fstatSync, readSync } from 'node:fs';

/** Longest header that the format's own library accepts. Source: safetensors, `MAX_HEADER_SIZE`. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
/**
 * Longest header that is parsed; those of the largest models have about 1 MB. JSON may take twenty times its length in
 * memory, and a thread close to its limit burns a processor for minutes before it ends.
 */
const MAX_PARSED_BYTES = 8_000_000;
const MAX_SHOWN = 80;

/**
 * Returns what is wrong with a safetensors file according to its header, or null. The header is an unsigned 64-bit
 * little-endian length and that many bytes of JSON; `data_offsets` count from its end. Source:
 * https://github.com/huggingface/safetensors#format
 */
export function safetensorsProblem(fd: number): string | null {
  const { size } = fstatSync(fd);
  if (size < LENGTH_BYTES) return 'the file is too short for a header';
  const headerBytes = readNumber(fd);
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > size - LENGTH_BYTES)
    return 'the header is longer than the file';
  if (headerBytes > MAX_PARSED_BYTES) return null; // Only its length is known; the file hash must suffice.
  const header = parseHeader(fd, headerBytes);
  if (header === null) return 'the header is not JSON';
  return offsetsProblem(header, size - LENGTH_BYTES - headerBytes);
}

function readNumber(fd: number): number {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  readSync(fd, bytes, 0, LENGTH_BYTES, 0);
  return Number(bytes.readBigUInt64LE());
}

function parseHeader(fd: number, headerBytes: number): Record<string, unknown> | null {
  const bytes = Buffer.alloc(headerBytes);
  readSync(fd, bytes, 0, headerBytes, LENGTH_BYTES);
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Tensors must cover the data from its first to its last byte without a gap. */
function offsetsProblem(header: Record<string, unknown>, dataBytes: number): string | null {
  const offsets: Array<readonly [number, number]> = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const pair = (entry as { data_offsets?: unknown } | null)?.data_offsets;
    if (!isOffsets(pair)) return `tensor ${shown(name)} has no valid offsets`;
    offsets.push(pair);
  }
  offsets.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let at = 0;
  for (const [start, end] of offsets) {
    if (start !== at) return 'the tensors do not follow each other without a gap';
    at = end;
  }
  return at === dataBytes ? null : `the tensors need ${at} bytes of data, the file has ${dataBytes}`;
}

/** Makes a name from a file fit for a message: short and without control characters. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, MAX_SHOWN).toWellFormed());
}

function isOffsets(value: unknown): value is readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [start, end] = value as unknown[];
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && (start as number) <= (end as number);
}
