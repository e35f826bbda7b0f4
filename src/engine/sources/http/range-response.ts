import { AppError } from '../../../shared/contract/errors.ts';
import { formatTrouble } from '../../../shared/format/trouble.ts';
import type { ByteRange } from '../../../shared/model/byte-range.ts';
import { type Headers, headerList, headerValue, isHtml } from '../../http/header.ts';

/** What was asked for. */
export interface ExpectedRange extends ByteRange {
  /** Size of the whole file. */
  readonly total: number;
  /** Name of the file in the repository; only its ending matters here. */
  readonly path: string;
}

/**
 * The header test: null when the body that follows is the range that was asked for, else the error to end the
 * attempt with. Called for 200 and 206 only; other statuses are errors or redirects before they get here.
 */
export function refuseResponse(status: number, headers: Headers, expected: ExpectedRange): AppError | null {
  return refuseType(headers, expected) ?? refuseEncoding(headers) ?? refuseExtent(status, headers, expected);
}

/** A web page in place of model weights comes from a network that wants a sign-in first. */
function refuseType(headers: Headers, expected: ExpectedRange): AppError | null {
  if (!isHtml(headers) || /\.x?html?$/i.test(expected.path)) return null;
  return new AppError('Offline', formatTrouble('sign-in-page', ''), {
    details: { captivePortal: true, trouble: 'sign-in-page' },
  });
}

function refuseEncoding(headers: Headers): AppError | null {
  const encoding = headerList(headers, 'content-encoding');
  if (encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding)) return null;
  return new AppError('ServerError', 'The server compressed the file although it was asked not to.', {
    details: { contentEncoding: encoding.slice(0, 40) },
  });
}

function refuseExtent(status: number, headers: Headers, expected: ExpectedRange): AppError | null {
  if (status === 206) return refuseContentRange(headerValue(headers, 'content-range'), expected);
  if (expected.start !== 0) {
    return new AppError(
      'RangeUnsupported',
      'The server sent the whole file in place of the part that was asked for.',
      {
        details: { status },
      },
    );
  }
  const length = headerValue(headers, 'content-length');
  return length === undefined || Number(length) === expected.total
    ? null
    : wrongRange(`length ${length}`, expected);
}

/** `bytes START-END/TOTAL`, END inclusive; units are case-insensitive. RFC 9110, sections 14.1 and 14.4. */
const CONTENT_RANGE = /^bytes +(\d+)-(\d+)\/(\d+)$/i;

function refuseContentRange(value: string | undefined, expected: ExpectedRange): AppError | null {
  const match = CONTENT_RANGE.exec(value?.trim() ?? '');
  const [start, last, total] = (match ?? []).slice(1).map(Number);
  const agrees = start === expected.start && last === expected.end - 1 && total === expected.total;
  return agrees ? null : wrongRange(value ?? 'no range at all', expected);
}

function wrongRange(got: string, expected: ExpectedRange): AppError {
  return new AppError(
    'ServerError',
    `The server sent another part of the file than was asked for (${got.slice(0, 80)}). None of it was used.`,
    { details: { start: expected.start, end: expected.end, total: expected.total } },
  );
}
