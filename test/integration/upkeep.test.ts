import { mkdir, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerWith } from '../hub/faults/constructors.ts';
import { errorOf, openWorld, type World } from './harness.ts';
import { interrupt } from './interrupt.ts';
import { expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile, text, weights } from './repositories.ts';

const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);
const CHANGED_BYTES = 300_001;
const OLD_FILES = [
  text('config.json', '{}'),
  weights('a.safetensors', 400_000),
  weights('b.safetensors', 200_001),
];
const NEW_FILES = [
  text('config.json', '{}'),
  weights('a.safetensors', 400_000),
  weights('b.safetensors', CHANGED_BYTES, 'newer'),
  text('license.txt', 'MIT'),
];
const ID = 'org/moving';
const MOVING = {
  id: ID,
  commits: [
    { id: OLD, files: OLD_FILES },
    { id: NEW, files: NEW_FILES },
  ],
  branches: { main: OLD },
};

/** A world in which the old commit is installed and the branch has moved on. */
async function moved(): Promise<World & { readonly engine: Awaited<ReturnType<World['open']>> }> {
  const world = await openWorld([MOVING, oneFile(500_000)]);
  const engine = await world.open();
  await engine.download({ reference: ID });
  world.hub.setBranch(ID, 'main', NEW);
  return Object.assign(world, { engine });
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('outdated and update', () => {
  it('reports a newer commit with one request, what differs, and what it costs', async () => {
    await using world = await moved();
    const since = world.hub.requests.length;
    const { models } = await world.engine.call('library.outdated', {});
    expect(world.hub.requests.length - since).toBe(1);
    expect(models).toEqual([
      {
        repo: ID,
        revision: 'main',
        commit: OLD,
        latestCommit: NEW,
        updatedAt: expect.any(String),
        changes: [
          { path: 'b.safetensors', change: 'changed', size: CHANGED_BYTES },
          { path: 'license.txt', change: 'added', size: 3 },
        ],
        downloadBytes: CHANGED_BYTES + 3,
        error: null,
      },
    ]);
  });

  it('downloads only that, moves the branch, and keeps the old version', async () => {
    await using world = await moved();
    const since = world.hub.requests.length;
    const { ids } = await world.engine.call('library.update', { references: [ID] });
    const { done } = await world.engine.ended(ids[0]!, { since: world.engine.mark() - 1 });
    expect(servedBytes(world.hub, since)).toBe(CHANGED_BYTES + 3);
    await expectRightFiles(done!.snapshot, NEW_FILES);
    const { models } = await world.engine.call('library.list', {});
    expect(models.map(({ commit, refs }) => [commit, refs])).toEqual([
      [OLD, []],
      [NEW, ['main']],
    ]);
    const again = await world.engine.call('library.outdated', {});
    expect(again.models).toMatchObject([{ commit: NEW, latestCommit: NEW, changes: [], downloadBytes: 0 }]);
  });

  it('follows only what another program took of a repository', async () => {
    await using world = await openWorld([
      {
        id: 'org/gguf',
        commits: [
          { id: OLD, files: [weights('m-Q4_K_M.gguf', 1000), weights('m-Q8_0.gguf', 2000)] },
          { id: NEW, files: [weights('m-Q4_K_M.gguf', 1001), weights('m-Q8_0.gguf', 2001)] },
        ],
        branches: { main: OLD },
      },
    ]);
    const other = await world.open({ dataDir: join(world.root, 'other') });
    await other.download({ reference: 'org/gguf', files: ['m-Q4_K_M.gguf'] });
    world.hub.setBranch('org/gguf', 'main', NEW);
    const engine = await world.open();
    const { models } = await engine.call('library.outdated', { references: ['org/gguf'] });
    expect(models).toMatchObject([{ downloadBytes: 1001, changes: [{ path: 'm-Q4_K_M.gguf' }] }]);
    const { ids } = await engine.call('library.update', { references: ['org/gguf'] });
    const { done } = await engine.ended(ids[0]!);
    expect(done!.files.map(({ path }) => path)).toEqual(['m-Q4_K_M.gguf']);
  });

  it('reports a repository that is gone, and still reports the others', async () => {
    await using world = await moved();
    await world.engine.download({ reference: 'org/one' });
    const gone = answerWith(404, '', { 'x-error-code': 'RepoNotFound' });
    world.hub.faults.add({ match: { path: '/api/models/org/one/revision/main' }, times: 1, ...gone });
    const { models } = await world.engine.call('library.outdated', {});
    expect(models.map(({ repo, error }) => [repo, error?.code ?? null])).toEqual([
      [ID, null],
      ['org/one', 'NotFound'],
    ]);
  });

  it('fails when the Hub cannot be reached', async () => {
    await using world = await moved();
    const reader = await world.open({ access: 'reader', endpoint: 'http://127.0.0.1:1' });
    expect((await errorOf(reader.call('library.outdated', {}))).code).toBe('Offline');
  });
});

describe('prune', () => {
  it('removes exactly what it showed, and never what a link of another program leads to', async () => {
    await using world = await moved();
    const { engine, cacheDir } = world;
    const { ids } = await engine.call('library.update', { references: [ID] });
    await engine.ended(ids[0]!, { since: engine.mark() - 1 });
    const old = join(cacheDir, 'models--org--moving', 'snapshots', OLD);
    const blob = join(dirname(join(old, 'b.safetensors')), await readlink(join(old, 'b.safetensors')));
    const shown = await engine.call('library.prune', { dryRun: true });
    expect(shown).toMatchObject({ items: [{ kind: 'revision', repo: ID, commit: OLD, path: old }] });
    expect(shown.freedBytes).toBe(200_001);
    expect(await exists(old)).toBe(true);

    const foreign = join(cacheDir, 'datasets--org--other', 'snapshots', NEW);
    await mkdir(foreign, { recursive: true });
    await mkdir(join(cacheDir, 'datasets--org--other', 'refs'));
    await writeFile(join(cacheDir, 'datasets--org--other', 'refs', 'main'), NEW);
    await symlink(blob, join(foreign, 'linked'));
    expect((await engine.call('library.prune', { dryRun: true })).freedBytes).toBe(0);
    const pruned = await engine.call('library.prune', {});
    expect(pruned).toMatchObject({ freedBytes: 0, failed: [], items: [{ kind: 'revision' }] });
    expect([await exists(old), await exists(join(foreign, 'linked'))]).toEqual([false, true]);
    await expectRightFiles((await engine.call('library.path', { reference: ID })).path, NEW_FILES);
  });

  it('leaves what an unfinished download needs, and a revision that was asked for by its commit', async () => {
    await using world = await openWorld([MOVING, oneFile(3_000_000)]);
    const pinned = await world.open();
    await pinned.download({ reference: ID, revision: OLD });
    await pinned.close();
    await interrupt(world, oneFile(3_000_000), 1);
    const engine = await world.open();
    expect(await engine.call('library.prune', {})).toEqual({ items: [], freedBytes: 0, failed: [] });
    expect((await engine.call('library.diskUsage', {})).repositories.map(({ repo }) => repo)).toEqual(
      expect.arrayContaining([ID, 'org/one']),
    );
  });

  it('removes only those of the paths it is given that are still of no use', async () => {
    await using world = await moved();
    const report = await world.engine.call('library.prune', { paths: [world.cacheDir, '/etc/passwd'] });
    expect(report).toEqual({ items: [], freedBytes: 0, failed: [] });
  });
});

describe('removing several', () => {
  it('continues after a missing one, and reports which', async () => {
    await using world = await moved();
    const { engine } = world;
    await engine.download({ reference: 'org/one' });
    const items = [ID, 'org/none', 'org/one'].map((reference) => ({ reference }));
    const report = await engine.call('library.removeSeveral', { items });
    expect(report.removed.map(({ repo }) => repo)).toEqual([ID, 'org/one']);
    expect(report.failed).toMatchObject([{ of: 'org/none', error: { code: 'NotFound' } }]);
    expect((await engine.call('library.list', {})).models).toEqual([]);
  });
});

describe('disk use', () => {
  it('counts every content once, and other kinds of repositories too', async () => {
    await using world = await moved();
    const dataset = join(world.cacheDir, 'datasets--org--set', 'blobs');
    await mkdir(dataset, { recursive: true });
    await writeFile(join(dataset, 'abc.incomplete'), Buffer.alloc(70_000));
    const usage = await world.engine.call('library.diskUsage', {});
    expect(usage.repositories.map(({ repo }) => repo)).toEqual([ID, 'datasets/org/set']);
    const [model, set] = usage.repositories;
    expect(model!.bytes).toBeGreaterThanOrEqual(600_003);
    expect(model!.bytes).toBeLessThan(610_000);
    expect(set).toMatchObject({ bytes: 70_000, unfinishedBytes: 70_000 });
    expect(usage).toMatchObject({ prunableBytes: 0, madeBytes: 0, cacheDir: world.cacheDir });
  });
});
