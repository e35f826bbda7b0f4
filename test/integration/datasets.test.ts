import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openWorld } from './harness.ts';
import { expectRightFiles, servedBytes } from './on-disk.ts';
import { text, weights } from './repositories.ts';

const DATASET = {
  id: 'datasets/org/set',
  files: [text('README.md', '# A set\n'), weights('data/train.parquet', 1_300_000)],
};
const SPACE = { id: 'spaces/org/app', files: [text('app.py', 'print(1)\n')] };

it('downloads datasets and Spaces where the Hugging Face tools keep them, and treats them as models in the library', async () => {
  await using world = await openWorld([DATASET, SPACE]);
  const engine = await world.open();
  const { done } = await engine.download({ reference: 'https://huggingface.co/datasets/org/set' });
  await engine.download({ reference: 'spaces/org/app' });
  expect(done.snapshot).toBe(
    join(world.cacheDir, 'datasets--org--set', 'snapshots', done.snapshot.split('/').at(-1)!),
  );
  await expectRightFiles(done.snapshot, DATASET.files);
  const { models } = await engine.call('library.list', {});
  expect(models.map(({ repo, complete }) => [repo, complete])).toEqual([
    ['datasets/org/set', true],
    ['spaces/org/app', true],
  ]);
  expect(await engine.call('library.verify', { reference: 'datasets/org/set' })).toMatchObject({ ok: true });
  const since = world.hub.requests.length;
  await engine.download({ reference: 'datasets/org/set' });
  expect(servedBytes(world.hub, since)).toBe(0);
  expect((await engine.call('library.outdated', {})).models.map(({ error }) => error)).toEqual([null, null]);
  await engine.call('library.remove', { reference: 'datasets/org/set' });
  expect((await engine.call('library.list', {})).models).toHaveLength(1);
});
