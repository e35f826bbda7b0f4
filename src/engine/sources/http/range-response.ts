import { AppError } from '../../../shared/contract/errors.ts';
import { formatTrouble } from '../../../shared/format/trouble.ts';
import type { ByteRange } from '../../../shared/model/byte-range.ts';
import { type Headers, headerList, headerValue, isHtml } from '../../http/header.ts';

/** The requested range. */
export interface ExpectedRange extends ByteRange {
  /** Size of what is stored under the URL; null where it is unknown. */
  readonly total: number | null;
  /** Name of the file in the repository; only its extension matters here. */
  readonly path: string;
}

/**
 * Tests the headers: returns null when the body that follows is the requested range, else the error to end the attempt
 * with. Called for 200 and 206 only; other statuses have been handled as errors or redirects.
 */
export function refuseResponse(status: number, headers: Headers, expected: ExpectedRange): AppError | null {
  return refuseType(headers, expected) ?? refuseEncoding(headers) ?? refuseExtent(status, headers, expected);
}

/** A web page instead of model weights comes from a network that requires a sign-in first. */
function refuseType(headers: Headers, expected: ExpectedRange): AppError | null {
  if (!isHtml(headers) || /\.x?html?$/i.test(expected.path)) return null;
  return new AppError('Offline', formatTrouble('sign-in-page', ''), {
    details: { captivePortal: true, trouble: 'sign-in-page' },
  });
}

function refuseEncoding(headers: Headers): AppError | null {
  const encoding = headerList(headers, 'content-encoding');
  if (encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding)) return null;
  const contentEncoding = encoding.trim().slice(0, 40);
  return new AppError(
    'ServerError',
    `The server compresses the file (${contentEncoding}), although it was asked not to. None of it was used.`,
    { details: { contentEncoding } },
  );
}

function refuseExtent(status: number, headers: Headers, expected: ExpectedRange): AppError | null {
  if (status === 206) return refuseContentRange(headerValue(headers, 'content-range'), expected);
  const length = headerValue(headers, 'content-length');
  const { total } = expected;
  if (length === undefined || total === null || Number(length) === total) return null;
  return /^\d{1,15}$/.test(length)
    ? wrongSize(Number(length), { ...expected, total })
    : wrongRange(`length ${length}`, expected);
}

/** Returns the error for a whole file that was sent instead of a range and that nobody wants. */
export function rangeIgnored(host: string): AppError {
  return new AppError('RangeUnsupported', `${host} sent the whole file in place of a part of it.`, {
    details: { host, status: 200 },
  });
}

/**
 * `bytes START-END/TOTAL`, END inclusive, TOTAL `*` where it is not known; units are case-insensitive. RFC 9110,
 * sections 14.1 and 14.4.
 */
const CONTENT_RANGE = /^bytes +(\d+)-(\d+)\/(\d+|\*)$/i;

function refuseContentRange(value: string | undefined, expected: ExpectedRange): AppError | null {
  const match = CONTENT_RANGE.exec(value?.trim() ?? '');
  const [start, last, stored] = (match ?? []).slice(1).map(Number);
  const { total } = expected;
  const isOther = total !== null && stored !== total;
  if (isOther && Number.isSafeInteger(stored)) return wrongSize(stored as number, { ...expected, total });
  const agrees = start === expected.start && last === expected.end - 1 && !isOther;
  return agrees ? null : wrongRange(value ?? 'no range at all', expected);
}

/** Returns the error for a storage server that has a different file from the one the Hub lists. */
export function wrongSize(storedBytes: number, { path, total }: { path: string; total: number }): AppError {
  const count = (bytes: number) => bytes.toLocaleString('en-US');
  return new AppError(
    'ServerError',
    `The server has ${path} with ${count(storedBytes)} bytes, but the list of files has ${count(total)}. None of it was used.`,
    { details: { storedBytes, expectedBytes: total } },
  );
}

function wrongRange(got: string, expected: ExpectedRange): AppError {
  return new AppError(
    'ServerError',
    `The server sent another part of the file than was asked for (${got.slice(0, 80)}). None of it was used.`,
    { details: { start: expected.start, end: expected.end, total: expected.total ?? 'unknown' } },
  );
}
