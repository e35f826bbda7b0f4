import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { requireReserve, requireRoom, roomAt, roomOf } from './disk-guard.ts';

vi.mock('node:fs/promises', { spy: true });

/** Sets the volume's total and free bytes. */
function volume(totalBytes: number, freeBytes: number): void {
  const stats = { bsize: 1000, blocks: totalBytes / 1000, bavail: freeBytes / 1000 };
  vi.mocked(statfs).mockResolvedValue(stats as Awaited<ReturnType<typeof statfs>>);
}

beforeEach(() => {
  vi.mocked(statfs).mockReset();
});

const GB = 1e9;

describe('roomAt', () => {
  it('reads the volume of a real folder', async () => {
    const actual = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
    vi.mocked(statfs).mockImplementation(actual.statfs as typeof statfs);
    const { freeBytes, reserveBytes } = (await roomAt(tmpdir()))!;
    expect(freeBytes).toBeGreaterThan(0);
    expect(reserveBytes).toBeGreaterThan(0);
    expect(reserveBytes).toBeLessThanOrEqual(2 * GB);
  });

  it.each([
    [1000 * GB, 2 * GB],
    [40 * GB, 2 * GB],
    [10 * GB, 0.5 * GB],
  ])('keeps of a volume of %d bytes %d in reserve', async (totalBytes, reserveBytes) => {
    volume(totalBytes, GB);
    expect(await roomAt('/cache')).toEqual({ freeBytes: GB, reserveBytes, volumeBytes: totalBytes });
  });

  it.each([
    ['no blocks at all', { blocks: 0, bavail: 0, bsize: 4096 }],
    ['blocks of no size', { blocks: 1000, bavail: 0, bsize: 0 }],
    ['more free than it has', { blocks: 1000, bavail: 2 ** 53, bsize: 4096 }],
  ])('does not know the room of a volume that tells %s', (_, facts) => {
    expect(roomOf(facts)).toBeNull();
  });

  it.each(['ENOSYS', 'EOPNOTSUPP'])('does not know it where the system answers %s', async (code) => {
    const ask = async () => Promise.reject(Object.assign(new Error(code), { code }));
    expect(await roomAt('/cache', ask)).toBeNull();
  });
});

describe('requireRoom', () => {
  it('accepts what fits in addition to the reserve, to the byte', async () => {
    volume(1000 * GB, 12 * GB);
    await expect(requireRoom('/cache', 10 * GB)).resolves.toBeUndefined();
  });

  it('fails with DiskFull and the missing bytes', async () => {
    volume(1000 * GB, 12 * GB);
    await expect(requireRoom('/cache', 15.1 * GB)).rejects.toMatchObject({
      code: 'DiskFull',
      retryable: true,
      message: expect.stringMatching(/\/cache: 12(\.0)? GB free\. Free up 5\.1 GB/),
      details: { missingBytes: 5.1 * GB, freeBytes: 12 * GB },
    });
  });

  it('lets writing decide where the room is not known', async () => {
    volume(0, 0);
    await expect(requireRoom('/cache', 15 * GB)).resolves.toBeUndefined();
    await expect(requireReserve('/cache')).resolves.toBeUndefined();
  });

  it('fails at once when a volume can never hold it, with both numbers', async () => {
    volume(10 * GB, 9 * GB);
    await expect(requireRoom('/cache', 11 * GB)).rejects.toMatchObject({
      code: 'DiskFull',
      retryable: false,
      message: expect.stringMatching(/11(\.0)? GB.*\/cache has 10(\.0)? GB/),
      details: { neededBytes: 11 * GB, volumeBytes: 10 * GB },
    });
  });

  it('waits when it fits, but not with what is kept for others', async () => {
    volume(10 * GB, 9 * GB);
    await expect(requireRoom('/cache', 6 * GB, 6 * GB)).rejects.toMatchObject({ retryable: true });
  });

  it('accepts that nothing is left to write, however full the disk is', async () => {
    volume(1000 * GB, 0);
    await expect(requireRoom('/cache', 0)).resolves.toBeUndefined();
  });
});

describe('requireReserve', () => {
  it('accepts half the reserve while a download runs', async () => {
    volume(1000 * GB, GB);
    await expect(requireReserve('/cache')).resolves.toBeUndefined();
  });

  it('fails with DiskFull below that', async () => {
    volume(1000 * GB, GB - 1000);
    await expect(requireReserve('/cache')).rejects.toMatchObject({ code: 'DiskFull' });
  });
});
