import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepReserve, releaseReserve } from './reserve.ts';

describe('the reserve next to the ledger', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'haulyard-reserve-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('occupies room until it is given back', async () => {
    await keepReserve(folder);
    const [name] = await readdir(folder);
    expect((await stat(join(folder, name!))).blocks * 512).toBeGreaterThanOrEqual(1024 * 1024);
    expect(await releaseReserve(folder)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  it('can be given back only once', async () => {
    expect(await releaseReserve(folder)).toBe(false);
  });

  it('is made whole again when it was cut', async () => {
    await writeFile(join(folder, 'ledger.reserve'), 'short');
    await keepReserve(folder);
    expect((await stat(join(folder, 'ledger.reserve'))).size).toBe(1024 * 1024);
  });

  it('is done without where there is no room or no folder', async () => {
    await expect(keepReserve(join(folder, 'missing'))).resolves.toBeUndefined();
  });

  it('is never written through a link', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'important');
    await symlink(victim, join(folder, 'ledger.reserve'));
    await keepReserve(folder);
    expect(await readFile(victim, 'utf8')).toBe('important');
    expect((await lstat(join(folder, 'ledger.reserve'))).isFile()).toBe(true);
  });
});
