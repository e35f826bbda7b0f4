import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ListedModel, listedModel } from '../models-listing.ts';
import { openSeenModels } from './seen-models.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-seen-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const model = (repo: string) => listedModel({ id: repo, downloads: 1, tags: ['mlx'] }) as ListedModel;

it('models of earlier searches are known to the next program, the latest first and each once', async () => {
  const first = openSeenModels(folder);
  first.add([model('org/a'), model('org/b')]);
  first.add([model('org/a')]);
  await first.close();
  const second = openSeenModels(folder);
  second.add([model('org/c')]);
  expect((await second.all()).map(({ repo }) => repo)).toEqual(['org/c', 'org/a', 'org/b']);
  expect((await second.all())[1]).toEqual(model('org/a'));
  await second.close();
  expect(await readdir(folder)).toEqual(['seen-models.json']);
});

it.each(['', '{"a": 1}', '[{"repo": "../../etc"}]', '['.repeat(100)])(
  'a file with %j counts as empty',
  async (text) => {
    await writeFile(join(folder, 'seen-models.json'), text);
    expect(await openSeenModels(folder).all()).toEqual([]);
  },
);

it('a link in its place is replaced, and its target is left alone', async () => {
  const victim = join(folder, 'victim');
  await writeFile(victim, 'mine');
  await symlink(victim, join(folder, 'seen-models.json'));
  const seen = openSeenModels(folder);
  seen.add([model('org/a')]);
  await seen.close();
  expect((await readdir(folder)).toSorted()).toEqual(['seen-models.json', 'victim']);
  expect(await openSeenModels(folder).all()).toHaveLength(1);
});

it('a folder that is not there costs nothing but the memory', async () => {
  const seen = openSeenModels(join(folder, 'nowhere'));
  seen.add([model('org/a')]);
  await seen.close();
  expect(await seen.all()).toHaveLength(1);
});
