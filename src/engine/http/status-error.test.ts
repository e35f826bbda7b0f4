import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { Headers } from './header.ts';
import { type FailedResponse, statusError } from './status-error.ts';

const HUB = 'https://hub.example/org/name/resolve/main/a?secret=1';
const CDN = 'https://cdn.example/x?Signature=SECRET&Policy=SECRET';

function error(status: number, more: Partial<FailedResponse> = {}) {
  return statusError({ status, headers: {}, body: '', url: HUB, hubHost: 'hub.example', nowMs: 0, ...more });
}

describe('statusError', () => {
  it.each<[number, Headers, ErrorCode, boolean]>([
    [404, { 'x-error-code': 'RepoNotFound' }, 'NotFound', false],
    [404, { 'x-error-code': 'RevisionNotFound' }, 'NotFound', false],
    [404, { 'x-error-code': 'EntryNotFound' }, 'NotFound', false],
    [401, { 'x-error-code': 'GatedRepo' }, 'Gated', false],
    [403, { 'x-error-code': 'GatedRepo' }, 'Gated', false],
    [401, { 'x-error-code': 'RepoNotFound' }, 'NotFound', false],
    [403, { 'x-error-message': 'Access to this resource is disabled.' }, 'NotFound', false],
    [400, {}, 'BadRequest', false],
    [401, {}, 'AuthRequired', false],
    [403, {}, 'AuthRequired', false],
    [404, {}, 'NotFound', false],
    [407, {}, 'ProxyAuthRequired', false],
    [408, {}, 'Timeout', true],
    [410, {}, 'NotFound', false],
    [416, {}, 'RangeUnsupported', true],
    [418, {}, 'BadRequest', false],
    [425, {}, 'ServerError', true],
    [429, {}, 'RateLimited', true],
    [500, {}, 'ServerError', true],
    [503, {}, 'ServerError', true],
    [511, {}, 'Offline', true],
    [304, {}, 'ServerError', true],
  ])('takes %i with %j on the Hub for %s', (status, headers, code, retryable) => {
    expect(error(status, { headers })).toMatchObject({
      code,
      retryable,
      details: { status, host: 'hub.example' },
    });
  });

  it.each([401, 403])(
    'leaves %i of a storage server to a renewal of the address, with its words',
    (status) => {
      const body =
        '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
      const result = error(status, { url: CDN, body });
      expect(result).toMatchObject({
        code: 'ServerError',
        retryable: true,
        details: { status, host: 'cdn.example' },
      });
      expect(result.message).toContain('AccessDenied: Request has expired');
    },
  );

  describe('a web page that forbids', () => {
    const HTML = { 'content-type': 'text/html; charset=utf-8' };
    const PAGE =
      '<!doctype html><html><head><title>Access &amp; Use\n Blocked</title></head><body>no</body></html>';

    it.each([403, 451])('is the block page of a network (%i), with its title', (status) => {
      const result = error(status, { headers: HTML, body: PAGE });
      expect(result).toMatchObject({
        code: 'Offline',
        retryable: false,
        details: { status, trouble: 'blocked', title: 'Access & Use Blocked' },
      });
      expect(result.message).toContain('“Access & Use Blocked”');
      expect(result.message).not.toContain('token');
    });

    it('is known without a content type, and by its heading without a title', () => {
      const result = error(403, { body: '<html><h1>Web filter</h1></html>' });
      expect(result.details).toMatchObject({ trouble: 'blocked', title: 'Web filter' });
    });

    it('instead of a stored file lets its URL be renewed', () => {
      expect(error(403, { url: CDN, headers: HTML, body: PAGE })).toMatchObject({
        retryable: true,
        details: { trouble: 'blocked' },
      });
    });

    it('is not one when the Hub itself gives a reason', () => {
      const headers = { ...HTML, 'x-error-code': 'GatedRepo' };
      expect(error(403, { headers, body: PAGE }).code).toBe('Gated');
      expect(error(403, { headers: { ...HTML, 'x-error-message': 'No.' }, body: PAGE }).code).toBe(
        'AuthRequired',
      );
    });
  });

  it('does not retry what a storage server calls a bad request', () => {
    expect(error(400, { url: CDN })).toMatchObject({ code: 'ServerError', retryable: false });
  });

  it('carries how long to wait', () => {
    expect(error(429, { headers: { ratelimit: '"api";r=0;t=12' } }).retryAfterMs).toBe(12_000);
  });

  it('contains the true size with 416', () => {
    expect(error(416, { headers: { 'content-range': 'bytes */2307' } }).details.size).toBe(2307);
  });

  it.each<[string, Headers, string, string]>([
    ['the header first', { 'x-error-message': 'Entry not found' }, '{"error":"other"}', 'Entry not found'],
    ['JSON', {}, '{"error":"Invalid rev id: X"}', 'Invalid rev id: X'],
    ['JSON lists', {}, '{"error":["a","b"],"errors":[{"message":"c"}]}', 'a. b. c'],
    ['plain text', {}, 'Auth failed: invalid range\r\n', 'Auth failed: invalid range'],
    ['broken JSON as text', {}, '{"error":', '{"error":'],
  ])('quotes %s', (_what, headers, body, text) => {
    expect(error(500, { headers, body }).details.text).toBe(text);
  });

  it.each([
    ['a page that says so', { 'content-type': 'text/html; charset=utf-8' }, 'Too many requests'],
    ['a page that looks so', {}, '<!DOCTYPE html><html><body>Too many requests'],
  ])('does not quote HTML: %s', (_what, headers, body) => {
    expect(error(429, { headers, body }).details.text).toBeUndefined();
  });

  it('quotes at most 200 printable characters of a hostile body', () => {
    const text = error(500, { body: `\u001b[2J\u202e${'x'.repeat(100_000)}` }).details.text as string;
    expect(text).toHaveLength(200);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('never repeats the query of an address or a token', () => {
    const body = `denied for ${CDN} with Bearer hf_SECRETSECRET and X-Amz-Signature=SECRET`;
    const { message, details } = error(403, { url: CDN, body });
    expect(message + JSON.stringify(details)).not.toContain('SECRET');
  });
});

describe('a server that repeats the token it was sent', () => {
  const token = 'gateway/token+0123456789';
  const authorization = `Bearer ${token}`;
  it.each<[string, Partial<FailedResponse>]>([
    ['in its message', { headers: { 'x-error-message': `Bad token ${token}` } }],
    ['in its body', { body: `You sent ${token}.` }],
    ['percent-encoded', { body: JSON.stringify({ error: `?key=${encodeURIComponent(token)}` }) }],
    ['as an error code', { headers: { 'x-error-code': token } }],
    ['as the name of the request', { headers: { 'x-request-id': token } }],
    ['in a web page', { headers: { 'content-type': 'text/html' }, body: `<html><title>${token}</title>` }],
  ])('%s is not quoted', (_what, more) => {
    const { message, details } = error(403, { ...more, authorization });
    const told = JSON.stringify([message, details]);
    expect(told).not.toContain('0123456789');
  });
});
