import { hashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import type { KeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import type { Scheme } from '../../../src/engine/sources/xet/format/record.ts';
import { fileHash, type HashedSpan } from '../../../src/engine/sources/xet/format/tree.ts';
import { bytesContent } from '../content/bytes.ts';
import type { Content } from '../content/content.ts';
import type { ContentSource } from '../content/source.ts';
import { chunksOf } from './chunks.ts';
import { DEFAULT_XORB_BYTES, MAX_XORB_CHUNKS, type XetDeclaration } from './declaration.ts';
import { makeXorb, type Xorb, type XorbChunk } from './xorb.ts';
import { xorshiftBytes } from './xorshift.ts';

/** A run of chunks of one xorb. */
export interface XetTerm {
  readonly xorb: Xorb;
  readonly start: number;
  readonly end: number;
}

/** A file as Xet storage has it. */
export interface XetFile {
  /** Hash as Xet writes it. */
  readonly name: string;
  readonly size: number;
  readonly chunks: readonly HashedSpan[];
  readonly terms: readonly XetTerm[];
}

const SCHEMES: readonly Scheme[] = ['stored', 'lz4', 'grouped-lz4'];

/** Where chunks of other files are stored, by hash. */
export type SharedChunks = Map<string, { readonly xorb: Xorb; readonly index: number }>;

/** Cuts a file and stores its chunks in xorbs. */
export async function storeFile(
  source: ContentSource,
  content: Content,
  { rule = 'modern', scheme = 'stored', ...declared }: XetDeclaration,
  withFooter: boolean,
  keyed: KeyedHash,
  shared: SharedChunks = new Map(),
): Promise<XetFile> {
  const spans = await chunksOf({ source, rule });
  let offset = 0;
  const chunks = spans.map((span): XorbChunk => {
    const chunk = { ...span, content, offset };
    offset += span.length;
    return chunk;
  });
  const schemeOf = (index: number) => (scheme === 'mixed' ? (SCHEMES[index % 3] ?? 'stored') : scheme);
  const runs = runsOf(chunks, declared, shared);
  const xorbs = new Map<number, { xorb: Xorb; before: number }>();
  const terms: XetTerm[] = [];
  for (const [index, run] of runs.entries()) {
    if ('xorb' in run) {
      terms.push(run);
      continue;
    }
    if ('from' in run) {
      const { xorb, before } = xorbs.get(run.from) ?? fail('a run that was not stored');
      terms.push({ xorb, start: before + run.start, end: before + run.end });
      continue;
    }
    const { before, behind } = neighbors(declared, index, runs.length);
    const xorb = await makeXorb([...before, ...run.chunks, ...behind], schemeOf, withFooter, keyed);
    xorbs.set(index, { xorb, before: before.length });
    terms.push({ xorb, start: before.length, end: before.length + run.chunks.length });
  }
  return { name: hashText(fileHash(chunks, keyed)), size: content.size, chunks, terms };
}

type Run =
  | XetTerm
  | { readonly chunks: XorbChunk[] }
  | { readonly from: number; readonly start: number; readonly end: number };

/** New chunks in runs of a xorb each; chunks that are stored already as runs of the xorb that has them. */
function runsOf(chunks: readonly XorbChunk[], declared: XetDeclaration, shared: SharedChunks): Run[] {
  const never = Number.POSITIVE_INFINITY;
  const { xorbBytes = DEFAULT_XORB_BYTES, repeatsFrom = never, sharesFrom = never } = declared;
  const places = new Map<string, { run: number; index: number }>();
  const runs: Run[] = [];
  let open: { chunks: XorbChunk[]; bytes: number } | null = null;
  for (let at = 0; at < chunks.length; ) {
    const known = sharedAt(chunks, at, shared);
    if (known !== null && known.end - known.start >= sharesFrom) {
      runs.push(known);
      at += known.end - known.start;
      open = null;
      continue;
    }
    const repeated = repeatAt(chunks, at, places);
    if (repeated !== null && repeated.end - repeated.start >= repeatsFrom) {
      runs.push(repeated);
      at += repeated.end - repeated.start;
      open = null;
      continue;
    }
    const chunk = chunks[at] ?? fail('no chunk');
    if (open === null || open.bytes + chunk.length > xorbBytes || open.chunks.length >= MAX_XORB_CHUNKS) {
      open = { chunks: [], bytes: 0 };
      runs.push(open);
    }
    const name = hashText(chunk.hash);
    if (!places.has(name)) places.set(name, { run: runs.length - 1, index: open.chunks.length });
    open.chunks.push(chunk);
    open.bytes += chunk.length;
    at += 1;
  }
  return runs;
}

function sharedAt(chunks: readonly XorbChunk[], at: number, shared: SharedChunks): XetTerm | null {
  const placeOf = (index: number) => {
    const chunk = chunks[index];
    return chunk === undefined ? undefined : shared.get(hashText(chunk.hash));
  };
  const first = placeOf(at);
  if (first === undefined) return null;
  let end = first.index + 1;
  for (let next = at + 1; ; next += 1, end += 1) {
    const place = placeOf(next);
    if (place?.xorb !== first.xorb || place.index !== end)
      return { xorb: first.xorb, start: first.index, end };
  }
}

function repeatAt(
  chunks: readonly XorbChunk[],
  at: number,
  places: ReadonlyMap<string, { run: number; index: number }>,
): { from: number; start: number; end: number } | null {
  const placeOf = (index: number) => {
    const chunk = chunks[index];
    return chunk === undefined ? undefined : places.get(hashText(chunk.hash));
  };
  const first = placeOf(at);
  if (first === undefined) return null;
  let end = first.index + 1;
  for (let next = at + 1; ; next += 1, end += 1) {
    const place = placeOf(next);
    if (place?.run !== first.run || place.index !== end) return { from: first.run, start: first.index, end };
  }
}

/** Chunks of other files that share the xorb. */
function neighbors({ layout = 'whole' }: XetDeclaration, index: number, count: number) {
  const nothing: XorbChunk[] = [];
  if (layout === 'mid-xorb') return { before: foreign(index, 2), behind: foreign(index + 1000, 1) };
  if (layout === 'shared-tail' && index === count - 1) return { before: nothing, behind: foreign(index, 3) };
  return { before: nothing, behind: nothing };
}

function foreign(seed: number, count: number): XorbChunk[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = xorshiftBytes(20_000, 1 + seed * 16 + index);
    // Its hash need not be that of the bytes: nobody is given these chunks.
    return { content: bytesContent(bytes), offset: 0, length: bytes.length, hash: bytes.subarray(0, 32) };
  });
}

function fail(what: string): never {
  throw new Error(`xet storage: ${what}`);
}
