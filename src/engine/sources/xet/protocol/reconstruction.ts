import { z } from 'zod';
import { XetFormatError } from '../format/format-error.ts';
import { MAX_CHUNK_BYTES } from '../kernel/limits.ts';

/** Most chunks in one xorb. Source: huggingface/xet-core, constants.rs. */
export const MAX_XORB_CHUNKS = 8192;
/** The storage has no files of more terms than this; 200,000 full ones are 12 TB. */
const MAX_TERMS = 200_000;
/** No xorb is stored in more: 64 MiB of incompressible chunks, their headers, and a possible footer. */
const MAX_STORED_BYTES = 72 * 1024 * 1024;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const index = z.number().int().min(0).max(MAX_XORB_CHUNKS);
const bytes = z.number().int().nonnegative();
const term = z.object({
  hash,
  unpacked_length: z.number().int().positive(),
  range: z.object({ start: index, end: index }),
});
const terms = z.array(term).max(MAX_TERMS);
const chunks = z.object({ start: index, end: index });
const stored = z.object({ start: bytes, end: bytes });
const url = z.url({ protocol: /^https?$/ });
const common = { offset_into_first_range: bytes, terms };
const v2 = z.object({
  ...common,
  xorbs: z.record(hash, z.array(z.object({ url, ranges: z.array(z.object({ chunks, bytes: stored })) }))),
});
const v1 = z.object({
  ...common,
  fetch_info: z.record(hash, z.array(z.object({ range: chunks, url, url_range: stored }))),
});

/** A run of chunks of one xorb, and the position of its bytes in the file. */
export interface Term {
  readonly start: number;
  readonly end: number;
  /** Hash of the xorb, in Xet's format. */
  readonly xorb: string;
  readonly chunkStart: number;
  readonly chunkEnd: number;
}

/** A range of stored bytes that one signed URL covers. The URL is a secret: kept in memory only. */
export interface FetchRange {
  readonly url: string;
  readonly chunkStart: number;
  readonly chunkEnd: number;
  /** Offsets in the stored xorb; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** How a file, or a part of it, is composed of stored chunks. */
export interface Reconstruction {
  /** In file order, without a gap. The first one may begin before the requested part. */
  readonly terms: readonly Term[];
  readonly fetches: ReadonlyMap<string, readonly FetchRange[]>;
}

/**
 * Parses a response of `/v2/reconstructions` or `/v1/reconstructions` about the file from `start` to `end`. Throws
 * `XetFormatError` for lengths that do not add up, terms without data, and anything else that is inconsistent.
 */
export function readReconstruction(value: unknown, start: number, end: number): Reconstruction {
  const isV2 = typeof value === 'object' && value !== null && 'xorbs' in value;
  const parsed = isV2 ? v2.safeParse(value) : v1.safeParse(value);
  if (!parsed.success)
    throw new XetFormatError(`a reconstruction: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
  const { data } = parsed;
  if (data.offset_into_first_range > start)
    throw new XetFormatError('a reconstruction that begins before the file');
  const placed = placeTerms(data.terms, start - data.offset_into_first_range);
  const last = placed.at(-1);
  const isRightEnd = last !== undefined && last.end >= end && last.start < end;
  if (!isRightEnd || (placed[0]?.end ?? 0) <= start) {
    throw new XetFormatError(`a reconstruction of ${last?.end ?? 0} bytes where ${end} were asked for`);
  }
  const fetches = 'xorbs' in data ? fetchesOfV2(data.xorbs) : fetchesOfV1(data.fetch_info);
  for (const { xorb, chunkStart, chunkEnd } of placed) {
    const has = fetches
      .get(xorb)
      ?.some((fetch) => fetch.chunkStart <= chunkStart && fetch.chunkEnd >= chunkEnd);
    if (!has) throw new XetFormatError('a reconstruction: a term without data');
  }
  return { terms: placed, fetches };
}

/** Does the same as {@link readReconstruction} for a whole file: the terms must have exactly its size. */
export function readWholeReconstruction(value: unknown, size: number): Reconstruction {
  const whole = readReconstruction(value, 0, size);
  const total = whole.terms.at(-1)?.end ?? 0;
  if (whole.terms[0]?.start !== 0 || total !== size) {
    throw new XetFormatError(`a reconstruction of ${total} bytes for a file of ${size}`);
  }
  return whole;
}

function placeTerms(list: z.infer<typeof terms>, start: number): Term[] {
  let at = start;
  return list.map(({ hash: xorb, unpacked_length: length, range }) => {
    const count = range.end - range.start;
    if (count <= 0 || length > count * MAX_CHUNK_BYTES || length < count) {
      throw new XetFormatError(`a reconstruction: ${length} bytes in ${count} chunks`);
    }
    const placed = { start: at, end: at + length, xorb, chunkStart: range.start, chunkEnd: range.end };
    at += length;
    return placed;
  });
}

function fetchesOfV2(xorbs: z.infer<typeof v2>['xorbs']): Reconstruction['fetches'] {
  const entries = Object.entries(xorbs).map(([xorb, list]): [string, FetchRange[]] => [
    xorb,
    list.flatMap(({ url, ranges }) => ranges.map((range) => fetchOf(url, range.chunks, range.bytes))),
  ]);
  return new Map(entries);
}

function fetchesOfV1(info: z.infer<typeof v1>['fetch_info']): Reconstruction['fetches'] {
  const entries = Object.entries(info).map(([xorb, list]): [string, FetchRange[]] => [
    xorb,
    list.map(({ url, range, url_range }) => fetchOf(url, range, url_range)),
  ]);
  return new Map(entries);
}

/** Stored ranges are given with their last byte, chunks with the one after it. */
function fetchOf(
  url: string,
  { start: chunkStart, end: chunkEnd }: z.infer<typeof chunks>,
  { start, end }: z.infer<typeof stored>,
): FetchRange {
  if (chunkEnd <= chunkStart || end < start) throw new XetFormatError('a reconstruction: an empty range');
  if (end - start >= MAX_STORED_BYTES)
    throw new XetFormatError('a reconstruction: a range longer than any xorb');
  return { url, chunkStart, chunkEnd, start, end: end + 1 };
}
