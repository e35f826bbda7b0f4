/** Bytes from `start` up to and including `end`, as in a Range header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What a Range header asks of a content of a given size. */
export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' };

const SINGLE_RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * Reads a Range header (RFC 9110, 14.1.2): `a-b`, `a-` and `-n`. Several ranges and malformed headers are ignored, as
 * object stores do.
 */
export function resolveRange(header: string | undefined, size: number): RangeAnswer {
  const match = SINGLE_RANGE.exec(header?.replaceAll(' ', '') ?? '');
  if (match === null) return { kind: 'whole' };
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return { kind: 'whole' };
  if (first === '') return suffix(Number(last), size);
  const start = Number(first);
  if (last !== '' && Number(last) < start) return { kind: 'whole' };
  if (start >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', range: { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) } };
}

function suffix(length: number, size: number): RangeAnswer {
  if (length === 0 || size === 0) return { kind: 'unsatisfiable' };
  return { kind: 'part', range: { start: Math.max(0, size - length), end: size - 1 } };
}

/** The requested range, before the size is known; an open end is Infinity. Null without a plain range. */
export function requestedRange(header: string | undefined): ByteRange | null {
  const match = /^bytes=(\d+)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  if (match === null) return null;
  return { start: Number(match[1]), end: match[2] === '' ? Number.POSITIVE_INFINITY : Number(match[2]) };
}
