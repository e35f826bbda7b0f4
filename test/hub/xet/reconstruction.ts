import { totalLength } from '../../../src/engine/sources/xet/format/tree.ts';
import type { ByteRange } from '../http/range.ts';
import type { XetSettings } from './settings.ts';
import type { XetFile, XetTerm } from './xet-file.ts';
import type { Xorb } from './xorb.ts';
import type { XorbUrls } from './xorb-urls.ts';

interface ChunkRange {
  readonly start: number;
  readonly end: number;
}

/** What both versions of the answer are made of. */
interface Plan {
  readonly terms: readonly XetTerm[];
  readonly offset: number;
  /** Chunk ranges that are needed of each xorb: ascending, apart from each other. */
  readonly needed: ReadonlyMap<Xorb, readonly ChunkRange[]>;
}

/** The terms that overlap a range of the file (all without one), the first and last one trimmed to whole chunks. */
function planFor(file: XetFile, range: ByteRange | null): Plan {
  const from = range?.start ?? 0;
  const to = range === null ? file.size : range.end + 1;
  const terms: XetTerm[] = [];
  let offset = 0;
  let at = 0;
  for (const { xorb, start, end } of file.terms) {
    let first = -1;
    let last = -1;
    for (let index = start; index < end; index += 1) {
      const length = xorb.chunks[index]?.length ?? 0;
      if (at < to && at + length > from) {
        if (first < 0) first = index;
        if (terms.length === 0 && first === index) offset = from - at;
        last = index;
      }
      at += length;
    }
    if (first >= 0) terms.push({ xorb, start: first, end: last + 1 });
  }
  return { terms, offset: Math.max(0, offset), needed: neededOf(terms) };
}

function neededOf(terms: readonly XetTerm[]): Map<Xorb, ChunkRange[]> {
  const needed = new Map<Xorb, ChunkRange[]>();
  const sorted = [...terms].sort((a, b) => a.start - b.start);
  for (const { xorb, start, end } of sorted) {
    const ranges = needed.get(xorb) ?? [];
    const last = ranges.at(-1);
    if (last && start <= last.end)
      ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else ranges.push({ start, end });
    needed.set(xorb, ranges);
  }
  return needed;
}

const storedRange = ({ starts }: Xorb, { start, end }: ChunkRange): ByteRange => ({
  start: starts[start] ?? 0,
  end: (starts[end] ?? 0) - 1,
});

function termsJson({ terms }: Plan, settings: XetSettings) {
  const json = terms.map(({ xorb, start, end }, index) => ({
    hash: xorb.name,
    unpacked_length:
      totalLength(xorb.chunks.slice(start, end)) + (index === 0 ? settings.unpackedLengthOff : 0),
    range: { start, end },
  }));
  return settings.shuffledTerms ? json.reverse() : json;
}

/** Answer of `/v2/reconstructions`: one URL a xorb, good for all its ranges. */
export function reconstructionV2(
  file: XetFile,
  range: ByteRange | null,
  urls: XorbUrls,
  settings: XetSettings,
) {
  const plan = planFor(file, range);
  const xorbs = [...plan.needed].map(([xorb, chunks]) => {
    const ranges = chunks.map((needed) => ({ chunks: needed, bytes: storedRange(xorb, needed) }));
    const signed = ranges.map(({ bytes }) => bytes);
    return [xorb.name, [{ url: urls.sign(xorb.name, signed, settings.urlLifetimeSeconds), ranges }]];
  });
  return {
    offset_into_first_range: plan.offset,
    terms: termsJson(plan, settings),
    xorbs: Object.fromEntries(xorbs),
  };
}

/** Answer of `/v1/reconstructions`: a URL for each range. */
export function reconstructionV1(
  file: XetFile,
  range: ByteRange | null,
  urls: XorbUrls,
  settings: XetSettings,
) {
  const plan = planFor(file, range);
  const fetchInfo = [...plan.needed].map(([xorb, chunks]) => [
    xorb.name,
    chunks.map((needed) => {
      const bytes = storedRange(xorb, needed);
      return {
        range: needed,
        url: urls.sign(xorb.name, [bytes], settings.urlLifetimeSeconds),
        url_range: bytes,
      };
    }),
  ]);
  return {
    offset_into_first_range: plan.offset,
    terms: termsJson(plan, settings),
    fetch_info: Object.fromEntries(fetchInfo),
  };
}
