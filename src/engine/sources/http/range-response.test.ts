import { describe, expect, it } from 'vitest';
import { refuseResponse } from './range-response.ts';

const PART = { start: 100, end: 200, total: 1000, path: 'model.safetensors' };
const FIRST = { ...PART, start: 0, end: 100 };
const WHOLE = { ...PART, start: 0, end: 1000 };
const RANGE = { 'content-range': 'bytes 100-199/1000' };

describe('the header test', () => {
  it.each([
    ['206 with the range that was asked for', 206, RANGE, PART],
    ['206 with odd spelling of the same range', 206, { 'content-range': ' Bytes 100-199/1000 ' }, PART],
    ['206 with the encoding it has anyway', 206, { ...RANGE, 'content-encoding': 'Identity' }, PART],
    ['200 for the whole file', 200, { 'content-length': '1000' }, WHOLE],
    ['200 without a length for the whole file', 200, {}, WHOLE],
    ['200 for a range that begins at 0', 200, { 'content-length': '1000' }, FIRST],
    [
      'a file that is a web page',
      206,
      { ...RANGE, 'content-type': 'text/html' },
      { ...PART, path: 'docs/a.HTML' },
    ],
    ['a plain text type', 206, { ...RANGE, 'content-type': 'text/plain' }, PART],
  ])('lets %s pass', (_, status, headers, expected) => {
    expect(refuseResponse(status, headers, expected)).toBeNull();
  });

  it.each([
    ['another start', { 'content-range': 'bytes 99-199/1000' }],
    ['another end', { 'content-range': 'bytes 100-200/1000' }],
    ['another total', { 'content-range': 'bytes 100-199/1001' }],
    ['an unknown total', { 'content-range': 'bytes 100-199/*' }],
    ['no range', {}],
    ['several ranges', { 'content-type': 'multipart/byteranges; boundary=x' }],
    ['nonsense', { 'content-range': 'bytes -1-199/1000' }],
    ['another unit', { 'content-range': 'pages 100-199/1000' }],
    ['a number that is too large', { 'content-range': 'bytes 100-199/99999999999999999999999' }],
    ['two ranges in two headers', { 'content-range': ['bytes 0-99/1000', 'bytes 100-199/1000'] }],
    ['a compressed body', { ...RANGE, 'content-encoding': 'gzip' }],
    ['a body that is compressed by a second header', { ...RANGE, 'content-encoding': ['identity', 'gzip'] }],
  ])('refuses 206 with %s', (_, headers) => {
    expect(refuseResponse(206, headers, PART)).toMatchObject({ code: 'ServerError', retryable: true });
  });

  it('accepts the whole file instead of a later range: the caller decides whether it is used', () => {
    expect(refuseResponse(200, { 'content-length': '1000' }, PART)).toBeNull();
  });

  it.each(['999', '1001', 'many', '-1'])('refuses 200 with a length of %s', (length) => {
    expect(refuseResponse(200, { 'content-length': length }, WHOLE)?.code).toBe('ServerError');
  });

  it.each(['text/html', 'text/html; charset=utf-8', ' TEXT/HTML', 'application/xhtml+xml'])(
    'takes %s for the sign-in page of a network, whatever the status',
    (type) => {
      for (const status of [200, 206]) {
        const refusal = refuseResponse(status, { ...RANGE, 'content-type': type }, PART);
        expect(refusal).toMatchObject({ code: 'Offline', details: { captivePortal: true } });
      }
    },
  );

  it.each([
    ['206 with another total', 206, { 'content-range': 'bytes 100-199/1007' }, PART],
    ['200 with another length', 200, { 'content-length': '1007' }, WHOLE],
  ])('names both sizes of another file: %s', (_, status, headers, expected) => {
    const refusal = refuseResponse(status, headers, expected);
    expect(refusal?.details).toEqual({ storedBytes: 1007, expectedBytes: 1000 });
    expect(refusal?.message).toContain('1,007 bytes, but the list of files has 1,000');
  });

  it('names the encoding of a compressed body', () => {
    const refusal = refuseResponse(206, { ...RANGE, 'content-encoding': 'br' }, PART);
    expect(refusal?.details).toEqual({ contentEncoding: 'br' });
    expect(refusal?.message).toContain('(br)');
  });

  it('does not repeat endless headers in its message', () => {
    const refusal = refuseResponse(206, { 'content-range': 'x'.repeat(10_000) }, PART);
    expect(refusal?.message.length).toBeLessThan(300);
  });
});
