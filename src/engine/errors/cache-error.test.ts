import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { diskError } from './cache-error.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('diskError', () => {
  it.each([
    ['ENOSPC', 'DiskFull', true],
    ['EDQUOT', 'DiskFull', true],
    ['EFBIG', 'DiskFull', false],
    ['EACCES', 'DiskPermission', false],
    ['EROFS', 'DiskPermission', false],
    ['ENOENT', 'DiskMissing', true],
    ['ENXIO', 'DiskMissing', true],
    ['ENOTDIR', 'PathUnsafe', false],
    ['EMFILE', 'Internal', true],
  ])('turns %s into %s', (errno, code, retryable) => {
    const error = diskError(failure(errno), 'writing', '/cache/x');
    expect(error).toMatchObject({ code, retryable, details: { path: '/cache/x', errno } });
    expect(error.message).toContain('/cache/x');
  });

  it('lets an AppError pass unchanged', () => {
    const error = new AppError('Cancelled', 'Stopped.');
    expect(diskError(error, 'writing', '/cache/x')).toBe(error);
  });
});
