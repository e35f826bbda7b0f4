import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../shared/contract/errors.ts';
import { exitCodeOf, worstExitCode } from './exit-codes.ts';

const TABLE = {
  Cancelled: 130,
  Offline: 7,
  Timeout: 7,
  Stalled: 7,
  RateLimited: 7,
  ServerError: 7,
  NotFound: 4,
  AuthRequired: 3,
  ProxyAuthRequired: 3,
  Gated: 3,
  ChangedUpstream: 5,
  RangeUnsupported: 7,
  HashMismatch: 5,
  DiskFull: 6,
  DiskPermission: 6,
  DiskMissing: 6,
  PathUnsafe: 2,
  LedgerCorrupt: 6,
  LedgerBusy: 8,
  EngineUnavailable: 1,
  BadRequest: 2,
  Internal: 1,
} as const;

describe('exitCodeOf', () => {
  it.each(ERROR_CODES)('gives %s the exit code of the published table', (code) => {
    expect(exitCodeOf(code)).toBe(TABLE[code]);
  });
});

describe('worstExitCode', () => {
  it.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 7], 7],
    [[7, 5, 0], 5],
    [[8, 3], 3],
    [[6, 1, 5], 1],
    [[130, 0], 130],
  ])('of %j is %i', (codes, expected) => {
    expect(worstExitCode(codes)).toBe(expected);
  });
});
