/** Bytes `start` to `end`, without `end`. */
export interface RequestedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a `Range` header for a content of `size` bytes (RFC 9110, section 14): one range; `unsatisfiable` for one
 * beyond the end; null for none, which means all of it. Several ranges and invalid ones count as none: a server may
 * ignore the header, and multipart responses are mostly requested by abusers.
 */
export function requestedRange(
  header: string | undefined,
  size: number,
): RequestedRange | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  if (first === '') {
    const length = Number(last);
    if (length === 0 || size === 0) return 'unsatisfiable';
    return { start: Math.max(0, size - length), end: size };
  }
  const start = Number(first);
  const lastByte = last === '' ? Number.POSITIVE_INFINITY : Number(last);
  if (lastByte < start) return null;
  if (start >= size) return 'unsatisfiable';
  return { start, end: Math.min(size, lastByte + 1) };
}
