import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { Profile } from '../../shared/model/download.ts';
import { type FailedAttempt, FailurePolicy } from './failure-policy.ts';
import { HostBackoff } from './host-backoff.ts';

const HOST = 'cdn.example';
const SOURCE = {};

function policy(profile: Profile = 'auto') {
  const clock = { ms: 1000 };
  const hostBackoff = new HostBackoff(
    () => clock.ms,
    () => 1,
  );
  const subject = new FailurePolicy(hostBackoff, profile, () => clock.ms);
  const fail = (error: AppError, facts: Partial<FailedAttempt> = {}) => {
    clock.ms += hostBackoff.waitMs(HOST) + 1;
    return subject.failed({
      error,
      item: SOURCE,
      host: HOST,
      startedMs: clock.ms,
      deliveredBytes: 0,
      isRedialled: false,
      ...facts,
    });
  };
  return { subject, hostBackoff, fail, clock };
}

describe('a failed attempt', () => {
  it.each<ErrorCode>(['Offline', 'Timeout', 'Stalled', 'RateLimited', 'ServerError'])(
    'with %s is made again after a wait, for ever',
    (code) => {
      const { fail } = policy();
      for (let attempt = 1; attempt <= 50; attempt += 1) {
        expect(fail(new AppError(code, 'x'))).toMatchObject({ kind: 'wait', attempt });
      }
    },
  );

  it.each<ErrorCode>([
    'AuthRequired',
    'Gated',
    'NotFound',
    'ChangedUpstream',
    'DiskFull',
    'DiskMissing',
    'DiskPermission',
    'Internal',
  ])('with %s is the last', (code) => {
    expect(policy().fail(new AppError(code, 'x'))).toEqual({ kind: 'fatal' });
  });

  it('waits as long as the server asks', () => {
    const error = new AppError('RateLimited', 'x', { retryAfterMs: 77_000 });
    expect(policy().fail(error)).toEqual({ kind: 'wait', attempt: 1, delayMs: 77_000 });
  });

  it('waits a second at most with the profile for very weak links', () => {
    const { fail } = policy('very-weak');
    for (let attempt = 0; attempt < 9; attempt += 1) {
      expect(fail(new AppError('Offline', 'x'))).toMatchObject({ delayMs: 1000 });
    }
  });

  it('with a refused URL costs no wait, because the next URL is a new one', () => {
    const { fail, hostBackoff } = policy();
    const refused = new AppError('ServerError', 'x', { details: { status: 403 } });
    expect(fail(refused)).toEqual({ kind: 'again' });
    expect(hostBackoff.isProbing(HOST)).toBe(false);
  });

  it('that this side ended for being slow is not held against the host', () => {
    const { fail, hostBackoff } = policy();
    expect(fail(new AppError('Stalled', 'x'), { isRedialled: true })).toEqual({ kind: 'again' });
    expect(hostBackoff.isProbing(HOST)).toBe(false);
  });
});

describe('a server that refuses ranges (416)', () => {
  const ignored = () => new AppError('RangeUnsupported', 'x', { details: { status: 416 } });

  it('is given up on after five times in a row', () => {
    const { fail } = policy();
    const kinds = Array.from({ length: 5 }, () => fail(ignored()).kind);
    expect(kinds).toEqual(['wait', 'wait', 'wait', 'wait', 'fatal']);
  });

  it('is not given up on when it honors them in between', () => {
    const { subject, fail, clock } = policy();
    for (let round = 0; round < 20; round += 1) {
      expect(fail(ignored()).kind).toBe('wait');
      subject.succeeded(SOURCE, HOST, clock.ms);
    }
  });
});

describe('a server that sends the whole file instead of a range', () => {
  it('is not at fault: another attempt takes the file, however often', () => {
    const { fail } = policy();
    const error = new AppError('RangeUnsupported', 'x', { details: { status: 200 } });
    for (let round = 0; round < 20; round += 1) expect(fail(error)).toEqual({ kind: 'again' });
  });
});

describe('a server that has another file than the Hub lists', () => {
  const other = (details: AppError['details']) => new AppError('ServerError', 'x', { details });

  it.each([{ storedBytes: 5, expectedBytes: 7 }, { contentEncoding: 'gzip' }])(
    'is given up on after a few tries: %o',
    (details) => {
      const { fail } = policy();
      const kinds = Array.from({ length: 5 }, () => fail(other(details)).kind);
      expect(kinds).toEqual(['wait', 'wait', 'wait', 'wait', 'fatal']);
    },
  );

  it('is given up on for that item, whatever others deliver', () => {
    const { subject, fail, clock } = policy();
    const kinds = Array.from({ length: 5 }, () => {
      subject.succeeded({}, HOST, clock.ms);
      return fail(other({ storedBytes: 5 })).kind;
    });
    expect(kinds.at(-1)).toBe('fatal');
  });

  it('is retried when it has the right one in between', () => {
    const { subject, fail, clock } = policy();
    for (let round = 0; round < 20; round += 1) {
      expect(fail(other({ storedBytes: 5 })).kind).toBe('wait');
      subject.succeeded(SOURCE, HOST, clock.ms);
    }
  });

  it('counts attempts that ran at the same time once', () => {
    const { fail } = policy();
    for (let stream = 0; stream < 16; stream += 1)
      expect(fail(other({ storedBytes: 5 }), { startedMs: 1000 }).kind).toBe('wait');
  });
});
