import type { ByteRange, ByteRanges } from '../../shared/model/byte-range.ts';
import { parseJson } from './parse-json.ts';

/** Ranges as the ledger keeps them: pairs of offsets in JSON. */
export const encodeRanges = (ranges: ByteRanges): string =>
  JSON.stringify(ranges.map(({ start, end }) => [start, end]));

/** Null unless the text is a list of sorted, disjoint ranges. */
export function decodeRanges(text: string): ByteRanges | null {
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) return null;
  const ranges: ByteRange[] = [];
  let at = 0;
  for (const pair of parsed as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return null;
    const [start, end] = pair as unknown[];
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return null;
    if ((start as number) < at || (end as number) <= (start as number)) return null;
    ranges.push({ start: start as number, end: end as number });
    at = end as number;
  }
  return ranges;
}
