import { execFileSync } from 'node:child_process';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { scanCacheDir } from '@huggingface/hub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryFolder } from '../../src/engine/cache/layout.ts';
import { ofKind, openWorld, type TestEngine, type World } from './harness.ts';
import { bytesOf, contentRequests, expectRightFiles, servedBytes, sha256 } from './on-disk.ts';
import { SMALL_PARAKEET, WEIGHTS } from './repositories.ts';

const { id: reference, files = [] } = SMALL_PARAKEET;
const gitFiles = files.filter(({ lfs }) => lfs !== true);

describe('a model from start to ready', () => {
  let world: World;
  let engine: TestEngine;
  let ended: Awaited<ReturnType<TestEngine['download']>>;
  beforeAll(async () => {
    world = await openWorld([SMALL_PARAKEET]);
    engine = await world.open();
    ended = await engine.download({ reference });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('has the right bytes under every name', async () => {
    await expectRightFiles(ended.done.snapshot, files);
  });

  it('reports the commit, the files, their hashes and chunks before it begins', async () => {
    const [resolved] = ofKind(ended.events, 'resolved');
    const model = resolved!.files.find(({ path }) => path === WEIGHTS);
    const right = await bytesOf(files.find(({ path }) => path === WEIGHTS)!);
    expect(model).toEqual({
      path: WEIGHTS,
      size: right.length,
      hash: sha256(right),
      algorithm: 'sha256',
      chunks: 6,
    });
    expect(resolved!.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(resolved!.files.length).toBe(files.length);
  });

  it('goes through its states in order', () => {
    const states = ofKind(ended.events, 'progress').map(({ state }) => state);
    // What can start at once is never reported as queued.
    const order = ['resolving', 'downloading', 'verifying', 'installing', 'ready'];
    expect(states.every((state) => order.includes(state))).toBe(true);
    expect(states.filter((state, at) => state !== states[at - 1]).slice(0, 2)).toEqual(order.slice(0, 2));
    expect(states.at(-1)).toBe('ready');
  });

  it('counts every byte once', () => {
    const { stats, files: told } = ended.done;
    const total = told.reduce((sum, { size }) => sum + size, 0);
    expect(stats).toMatchObject({ downloadedBytes: total, rescuedBytes: 0, wastedBytes: 0, retries: 0 });
    expect(servedBytes(world.hub)).toBe(total);
  });

  it('keeps contents as blobs and links them from snapshots', async () => {
    for (const { path, hash, blob } of ended.done.files) {
      expect(await readlink(join(ended.done.snapshot, path))).toBe(join('..', '..', 'blobs', hash));
      expect((await lstat(blob)).isFile()).toBe(true);
    }
  });

  it('writes the commit to refs/main without a newline', async () => {
    const ref = await readFile(join(repositoryFolder(world.cacheDir, reference), 'refs', 'main'), 'utf8');
    expect(ref).toBe(ofKind(ended.events, 'resolved')[0]!.commit);
    expect(ended.done.snapshot.endsWith(`/${ref}`)).toBe(true);
  });

  it('leaves no partial behind', async () => {
    expect((await engine.call('library.list', {})).partials).toEqual([]);
  });

  it('names git files as git does', () => {
    const blobs = gitFiles.map(({ path }) => ended.done.files.find((file) => file.path === path)!.blob);
    const said = execFileSync('git', ['hash-object', '--no-filters', ...blobs], { encoding: 'utf8' });
    expect(said.trim().split('\n')).toEqual(blobs.map((blob) => blob.split('/').at(-1)));
  });

  it('is listed by huggingface.js without a warning', async () => {
    const { warnings, repos } = await scanCacheDir(world.cacheDir);
    expect(warnings).toEqual([]);
    const seen = repos.map(({ id, revisions }) => [id.name, revisions[0]!.refs, revisions[0]!.files.length]);
    expect(seen).toEqual([[reference, ['main'], files.length]]);
  });
});

describe('a model that is here already', () => {
  it('is not fetched again', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    await engine.download({ reference });
    const since = world.hub.requests.length;
    const again = await engine.download({ reference });
    expect(contentRequests(world.hub, since)).toEqual([]);
    expect(again.done.stats.downloadedBytes).toBe(0);
  });

  it('is not fetched again by an engine with an empty ledger', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const first = await world.open();
    await first.download({ reference });
    await first.close();
    const since = world.hub.requests.length;
    const other = await world.open({ dataDir: join(world.root, 'other-data') });
    const { events, done } = await other.download({ reference });
    expect(contentRequests(world.hub, since)).toEqual([]);
    const { presentBytes, totalBytes } = ofKind(events, 'resolved')[0]!;
    expect(presentBytes).toBe(totalBytes);
    await expectRightFiles(done.snapshot, files);
  });

  it('is reported as present by a plan', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const before = await engine.call('downloads.plan', { reference });
    await engine.download({ reference });
    const after = await engine.call('downloads.plan', { reference });
    expect([before.presentBytes, before.neededBytes]).toEqual([0, before.totalBytes]);
    expect([after.presentBytes, after.neededBytes]).toEqual([before.totalBytes, 0]);
  });
});
