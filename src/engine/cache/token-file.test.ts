import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeTokenFile, saveTokenFile } from './token-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-token-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a token is kept for its user alone, in folders that are made', async () => {
  const path = join(folder, 'hf', 'token');
  await saveTokenFile(path, 'hf_new');
  expect(await readFile(path, 'utf8')).toBe('hf_new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'hf'))).toEqual(['token']);
});

it('a link in its place is replaced, and its target is left alone', async () => {
  const victim = join(folder, 'victim');
  await writeFile(victim, 'mine');
  await symlink(victim, join(folder, 'token'));
  await saveTokenFile(join(folder, 'token'), 'hf_new');
  expect(await readFile(victim, 'utf8')).toBe('mine');
  expect(await readFile(join(folder, 'token'), 'utf8')).toBe('hf_new');
});

it('is removed, once', async () => {
  await saveTokenFile(join(folder, 'token'), 'hf_new');
  expect(await removeTokenFile(join(folder, 'token'))).toBe(true);
  expect(await removeTokenFile(join(folder, 'token'))).toBe(false);
});
