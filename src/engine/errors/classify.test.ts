import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import { classify } from './classify.ts';

const url = 'https://cdn.example:8443/x?Signature=SECRET';
const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('classify', () => {
  it.each([
    [Object.assign(coded('ECONNREFUSED'), { port: 3128 }), 'Can’t connect to the proxy'],
    [
      new AggregateError([Object.assign(coded('ECONNREFUSED'), { port: 3128 })]),
      'Can’t connect to the proxy',
    ],
    [Object.assign(coded('ENOTFOUND'), { hostname: 'proxy.example' }), 'Can’t connect to the proxy'],
    [Object.assign(coded('ECONNREFUSED'), { port: 8443 }), 'cdn.example:8443 refused the connection'],
    [Object.assign(coded('ENOTFOUND'), { hostname: 'cdn.example' }), 'Can’t find cdn.example:8443'],
  ])('tells a proxy that cannot be reached from a server that cannot: %s', (error, sentence) => {
    expect(classify(error, { url }).message).toContain(sentence);
  });

  it.each<[ErrorCode, string[]]>([
    [
      'Offline',
      ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
    ],
    ['Offline', ['ENETDOWN', 'UND_ERR_SOCKET', 'UND_ERR_PRX_CONN', 'UND_ERR_PRX_TLS', 'EPROTO']],
    ['Offline', ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_DESTROYED', 'UND_ERR_SOCKS5_AUTH']],
    ['Offline', ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN']],
    ['Offline', ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']],
    ['Offline', ['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER']],
    ['Timeout', ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']],
    ['ServerError', ['HPE_INVALID_CONSTANT', 'UND_ERR_HEADERS_OVERFLOW']],
    ['DiskFull', ['ENOSPC', 'EDQUOT', 'SQLITE_FULL']],
    ['DiskPermission', ['EACCES', 'EPERM', 'EROFS', 'SQLITE_READONLY_DBMOVED', 'SQLITE_CANTOPEN']],
    ['DiskMissing', ['EIO', 'ENXIO', 'ENODEV', 'SQLITE_IOERR_WRITE']],
    ['LedgerCorrupt', ['SQLITE_CORRUPT', 'SQLITE_CORRUPT_INDEX', 'SQLITE_NOTADB']],
    ['LedgerBusy', ['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED']],
    ['Cancelled', ['ABORT_ERR', 'UND_ERR_ABORTED']],
    ['Internal', ['EMFILE', 'ENOENT', 'UND_ERR_INVALID_ARG', 'ERR_ASSERTION']],
  ])('gives %s for %j', (code, errors) => {
    for (const name of errors) expect([name, classify(coded(name)).code]).toEqual([name, code]);
  });

  it('begins no message with an errno, and keeps it in the details', () => {
    for (const name of ['ECONNRESET', 'ENOSPC', 'CERT_HAS_EXPIRED', 'SQLITE_BUSY', 'EMFILE']) {
      const { message, details } = classify(coded(name), { url });
      expect(message).not.toContain(name);
      expect(details.errno).toBe(name);
    }
  });

  it('names the host of the request, and without one the host in the error', () => {
    expect(classify(coded('ECONNRESET'), { url }).details.host).toBe('cdn.example:8443');
    expect(classify(Object.assign(coded('ENOTFOUND'), { hostname: 'hub.example' })).message).toContain(
      'hub.example',
    );
  });

  it('names an untrusted certificate', () => {
    expect(classify(coded('SELF_SIGNED_CERT_IN_CHAIN'), { url })).toMatchObject({
      retryable: true,
      message: expect.stringContaining('certificate of cdn.example:8443 isn’t trusted'),
    });
  });

  it('passes an AppError through, also as a cause', () => {
    const inner = new AppError('Gated', 'no');
    expect(classify(inner)).toBe(inner);
    expect(classify(new Error('wrapped', { cause: inner }))).toBe(inner);
    expect(classify(Object.assign(new Error('x', { cause: inner }), { name: 'AbortError' }))).toBe(inner);
  });

  it('looks into causes and aggregates', () => {
    expect(classify(new TypeError('fetch failed', { cause: coded('ECONNREFUSED') })).code).toBe('Offline');
    expect(classify(new AggregateError([coded('ENETUNREACH'), coded('ETIMEDOUT')])).code).toBe('Offline');
  });

  it('ends on a circle of causes', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(classify(error).code).toBe('Internal');
  });

  it('distinguishes an abort from a time limit', async () => {
    expect(classify(AbortSignal.abort().reason).code).toBe('Cancelled');
    expect(classify(new DOMException('late', 'TimeoutError'), { url }).code).toBe('Timeout');
  });

  it('takes a missing file for a missing disk only where a disk was named', () => {
    expect(classify(coded('ENOENT'), { disk: '/Volumes/models' })).toMatchObject({
      code: 'DiskMissing',
      details: { path: '/Volumes/models' },
    });
  });

  it('takes a time-out of a network volume for the disk', () => {
    expect(classify(coded('ETIMEDOUT'), { disk: '/Volumes/share' }).code).toBe('DiskMissing');
  });

  it('names the refusal of a proxy, which undici reports as an abort', () => {
    const refusal = (status: number) =>
      classify(coded('UND_ERR_ABORTED', `Proxy response (${status}) !== 200 when HTTP Tunneling`), { url });
    expect(refusal(407)).toMatchObject({
      code: 'ProxyAuthRequired',
      message: expect.stringContaining('password'),
    });
    expect(refusal(502)).toMatchObject({ code: 'Offline', message: expect.stringContaining('refused') });
  });

  it('keeps secrets out of what it does not know', () => {
    const { message, details } = classify(new Error(`bad ${url} Bearer hf_SECRET`), {
      what: `asking ${url}`,
    });
    expect(message + JSON.stringify(details)).not.toContain('SECRET');
    expect(message).toContain('https://cdn.example:8443/x');
  });

  it.each([undefined, null, 'text', 42, { code: 'ENOSPC' }])(
    'gives Internal for %j, which is no error',
    (thrown) => {
      expect(classify(thrown).code).toBe('Internal');
    },
  );
});
