import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refPath } from '../../src/engine/cache/layout.ts';
import type { CommandInput } from '../../src/shared/contract/commands.ts';
import { openWorld, type World } from './harness.ts';
import { contentRequests, expectRightFiles } from './on-disk.ts';
import { text, weights } from './repositories.ts';

const ID = 'org/choice';
const commit = (digit: string) => digit.repeat(40);
const version = (name: string) => [
  text('config.json', `{"version": "${name}"}\n`),
  text('notes (1).txt', `${name}\n`),
  weights('onnx/fp16/model.onnx', 30_000, `${name} fp16`),
  weights('onnx/int8/model.onnx', 20_000, `${name} int8`),
  weights('model.safetensors', 50_000, name),
];
const REPOSITORY = {
  id: ID,
  commits: ['old', 'tagged', 'proposal', 'new'].map((name, index) => ({
    id: commit(String(index + 1)),
    files: version(name),
  })),
  branches: {
    main: commit('4'),
    'feature/x': commit('3'),
    'v1.0': commit('2'),
    'refs/pr/1': commit('3'),
  },
};
const ALL = version('new').map(({ path }) => path);

type Add = CommandInput<'downloads.add'>;

async function pathsOf(world: World, wish: Omit<Add, 'reference'>, reference = ID): Promise<string[]> {
  const { done } = await (await world.open()).download({ reference, ...wish });
  return done.files.map(({ path }) => path).sort();
}

describe('a selection of files', () => {
  it.each<[string, Omit<Add, 'reference'>, string[]]>([
    ['a name in any folder', { include: ['*.onnx'] }, ALL.filter((path) => path.endsWith('.onnx'))],
    ['a folder', { include: ['onnx/int8/'] }, ['onnx/int8/model.onnx']],
    ['the top folder', { include: ['/*.json'] }, ['config.json']],
    ['two patterns', { include: ['*.json', '*.safetensors'] }, ['config.json', 'model.safetensors']],
    ['all but a pattern', { exclude: ['onnx/**', '*.txt'] }, ['config.json', 'model.safetensors']],
    ['some but not others', { include: ['*.onnx'], exclude: ['**/fp16/**'] }, ['onnx/int8/model.onnx']],
  ])('takes %s', async (_, wish, paths) => {
    await using world = await openWorld([REPOSITORY]);
    expect(await pathsOf(world, wish)).toEqual(paths);
  });

  it('fetches nothing that was not chosen', async () => {
    await using world = await openWorld([REPOSITORY]);
    await pathsOf(world, { include: ['config.json'] });
    expect(new Set(contentRequests(world.hub).map(({ file }) => file))).toEqual(new Set(['config.json']));
  });

  it('that matches nothing is refused with some names that are there', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { failed } = await (await world.open()).run({ reference: ID, include: ['*.gguf'] });
    expect(failed).toMatchObject({ code: 'BadRequest' });
    expect(failed!.message).toContain('config.json');
  });
});

describe('a pasted address', () => {
  it.each([
    ['the model', '', ALL],
    ['a file', '/blob/main/notes%20(1).txt', ['notes (1).txt']],
    ['a file to download', '/resolve/main/model.safetensors?download=true', ['model.safetensors']],
    ['a folder', '/tree/main/onnx', ['onnx/fp16/model.onnx', 'onnx/int8/model.onnx']],
  ])('of %s brings just that', async (_, path, paths) => {
    await using world = await openWorld([REPOSITORY]);
    expect(await pathsOf(world, {}, `${world.hub.url}/${ID}${path}`)).toEqual([...paths].sort());
  });

  it('of another site is refused', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    await expect(engine.add({ reference: 'https://example.com/org/choice' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    expect(world.hub.requests).toEqual([]);
  });
});

describe('a revision', () => {
  it.each([
    ['a branch', 'feature/x', 'proposal'],
    ['a tag', 'v1.0', 'tagged'],
    ['a commit', commit('1'), 'old'],
    ['a pull request', 'refs/pr/1', 'proposal'],
  ])('may be %s', async (_, revision, name) => {
    await using world = await openWorld([REPOSITORY]);
    const { done } = await (await world.open()).download({ reference: ID, revision });
    await expectRightFiles(done.snapshot, version(name));
  });

  it('that is a pull request is kept as a ref of that name', async () => {
    await using world = await openWorld([REPOSITORY]);
    await (await world.open()).download({ reference: ID, revision: 'refs/pr/1', include: ['config.json'] });
    expect(await readFile(refPath(world.cacheDir, ID, 'refs/pr/1'), 'utf8')).toBe(commit('3'));
  });

  it('in an address counts', async () => {
    await using world = await openWorld([REPOSITORY]);
    const reference = `${world.hub.url}/${ID}/tree/v1.0`;
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, version('tagged'));
  });

  it('keeps its own snapshot next to the others', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open();
    const { done: one } = await engine.download({ reference: ID });
    const { done: other } = await engine.download({ reference: ID, revision: 'v1.0' });
    await expectRightFiles(one.snapshot, version('new'));
    await expectRightFiles(other.snapshot, version('tagged'));
  });

  it('that is missing is reported by its name, and nothing appears on disk', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { failed } = await (await world.open()).run({ reference: ID, revision: 'v9' });
    expect(failed).toMatchObject({ code: 'NotFound', retryable: false });
    expect(failed!.message).toContain('"v9"');
  });
});

describe('a repository', () => {
  it('that is missing is reported as such', async () => {
    await using world = await openWorld([REPOSITORY]);
    const { failed } = await (await world.open()).run({ reference: 'org/no-such-model' });
    expect(failed).toMatchObject({ code: 'NotFound', retryable: false });
    expect(failed!.message).toContain('org/no-such-model');
  });

  it('that is missing stays in the list of the app, to be seen, and can be dropped', async () => {
    await using world = await openWorld([REPOSITORY]);
    const engine = await world.open({ autoStart: true });
    const { id } = await engine.run({ reference: 'org/no-such-model' });
    expect(await engine.view(id)).toMatchObject({ state: 'failed', error: { code: 'NotFound' } });
    await engine.call('downloads.cancel', { id });
    expect((await engine.call('snapshot', {})).downloads).toEqual([]);
  });

  it('that was renamed is found under its former name', async () => {
    await using world = await openWorld([{ ...REPOSITORY, renamedFrom: 'org/former' }]);
    const { done } = await (await world.open()).download({ reference: 'org/former' });
    await expectRightFiles(done.snapshot, version('new'));
    expect(join(done.snapshot)).toContain('models--org--former');
  });
});
