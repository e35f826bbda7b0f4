import { execFileSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryFolder } from '../../src/engine/cache/layout.ts';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { contentRequests, expectRightFiles } from './on-disk.ts';
import { SMALL_PARAKEET } from './repositories.ts';
import { canMount, mountVolume } from './volume.ts';

const reference = SMALL_PARAKEET.id;
const FILES = SMALL_PARAKEET.files!;

/** A world whose cache has the model, downloaded by an engine that is closed again. */
async function worldWithModel(): Promise<World & { snapshot: string; commit: string }> {
  const world = await openWorld([SMALL_PARAKEET]);
  const engine = await world.open();
  const { done, events } = await engine.download({ reference });
  await engine.close();
  const { commit } = ofKind(events, 'resolved')[0]!;
  return Object.assign(world, { snapshot: done.snapshot, commit });
}

/** A Hub that cannot be asked, in several ways. */
const UNREACHABLE: ReadonlyArray<[string, Partial<EngineOptions>]> = [
  ['refuses connections', { endpoint: 'http://127.0.0.1:9' }],
  ['has a name that cannot be found', { endpoint: 'http://hub.invalid' }],
  ['is switched off by HF_HUB_OFFLINE', { env: { HF_HUB_OFFLINE: '1' } }],
  [
    'is behind a proxy that refuses',
    { endpoint: 'http://hub.invalid', env: { HTTP_PROXY: 'http://127.0.0.1:9' } },
  ],
];

describe('a model that is whole in the cache', () => {
  it.each(UNREACHABLE)('is ready after one question to a Hub that %s', async (_, changes) => {
    await using world = await worldWithModel();
    const engine = await world.open(changes);
    const { done, events } = await engine.download({ reference });
    expect(done.snapshot).toBe(world.snapshot);
    expect(Date.now() - Date.parse(done.asOf!)).toBeLessThan(60_000);
    expect(ofKind(events, 'retry')).toEqual([]);
    await expectRightFiles(done.snapshot, FILES);
  });

  it('is ready for a program that knows nothing of it, as other tools left it', async () => {
    await using world = await worldWithModel();
    const engine = await world.open({ endpoint: 'http://127.0.0.1:9', dataDir: join(world.root, 'other') });
    const { done } = await engine.download({ reference });
    expect(done.files.length).toBe(FILES.length);
    await expectRightFiles(done.snapshot, FILES);
  });

  it('is ready at once, without a question, where the commit is named in full', async () => {
    await using world = await worldWithModel();
    const before = world.hub.requests.length;
    const engine = await world.open();
    await engine.download({ reference, revision: world.commit });
    const { done } = await engine.download({ reference, revision: world.commit });
    expect(done.asOf).toBeUndefined();
    expect(world.hub.requests.slice(before).map(({ path }) => path)).toEqual([]);
  });

  it('is asked for news where the Hub answers', async () => {
    await using world = await worldWithModel();
    const { done } = await (await world.open()).download({ reference });
    expect(done.asOf).toBeUndefined();
  });

  it.each(['a missing link', 'a link that leads nowhere', 'an unfinished file'])(
    'but for %s is not called ready',
    async (what) => {
      await using world = await worldWithModel();
      const file = join(world.snapshot, 'model.safetensors');
      const blobs = join(repositoryFolder(world.cacheDir, reference), 'blobs');
      if (what === 'a missing link') await rm(await blobOf(file));
      if (what === 'a link that leads nowhere') await rm(await blobOf(file));
      if (what === 'an unfinished file') {
        const blob = await blobOf(file);
        await rename(blob, join(blobs, `${blob.split('/').at(-1)}.incomplete`));
      }
      const engine = await world.open({ endpoint: 'http://127.0.0.1:9', dataDir: join(world.root, 'other') });
      const id = await engine.add({ reference });
      await engine.waitFor('progress', ({ state }) => state === 'waiting');
      expect((await engine.view(id)).state).toBe('waiting');
    },
  );
});

async function blobOf(link: string): Promise<string> {
  const { realpath } = await import('node:fs/promises');
  return realpath(link);
}

describe('a snapshot of real files where links would work', () => {
  /** As `cp -rL` leaves it. */
  async function dereference(world: Awaited<ReturnType<typeof worldWithModel>>): Promise<void> {
    const copy = `${world.snapshot}-copy`;
    await cp(world.snapshot, copy, { recursive: true, dereference: true });
    await rm(world.snapshot, { recursive: true });
    await rename(copy, world.snapshot);
    await rm(join(repositoryFolder(world.cacheDir, reference), 'blobs'), { recursive: true });
  }

  it.each(['with', 'without'])('is used as it is, %s what the ledger knows', async (knowledge) => {
    await using world = await worldWithModel();
    await dereference(world);
    const before = world.hub.requests.length;
    const other = knowledge === 'with' ? {} : { dataDir: join(world.root, 'other') };
    const { done } = await (await world.open(other)).download({ reference });
    await expectRightFiles(done.snapshot, FILES);
    expect(contentRequests(world.hub, before)).toEqual([]);
    for (const name of await readdir(done.snapshot)) {
      expect((await lstat(join(done.snapshot, name))).isSymbolicLink()).toBe(false);
    }
  });

  it('that lacks one file gets that one', async () => {
    await using world = await worldWithModel();
    await dereference(world);
    await rm(join(world.snapshot, 'vocab.txt'));
    const before = world.hub.requests.length;
    const { done } = await (await world.open()).download({ reference });
    await expectRightFiles(done.snapshot, FILES);
    expect(contentRequests(world.hub, before).every(({ path }) => path.includes('vocab.txt'))).toBe(true);
  });
});

describe('a cache that can only be read', () => {
  it.skipIf(!canMount())(
    'is ready when the model is whole in it, and says so when something is to be written',
    async () => {
      await using world = await worldWithModel();
      using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
      const cacheDir = join(volume.path, 'hub');
      await cp(world.cacheDir, cacheDir, { recursive: true, verbatimSymlinks: true });
      volume.makeReadOnly();
      const engine = await world.open({ cacheDir });
      const { done } = await engine.download({ reference });
      await expectRightFiles(done.snapshot, FILES);
      const offline = { cacheDir, endpoint: 'http://127.0.0.1:9', dataDir: join(world.root, 'other') };
      const second = await world.open(offline);
      expect((await second.download({ reference })).done.asOf).toBeDefined();
      await Promise.all([engine.close(), second.close()]);
      const third = await world.open({ cacheDir, dataDir: join(world.root, 'third') });
      const { failed } = await third.run({ reference: 'org/none' });
      expect(failed).toMatchObject({ code: 'NotFound' });
      await third.close();
    },
  );
});

describe('a cache folder that is a link to a disk that is not there', () => {
  it('is waited for, and used when the disk is back', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const disk = join(world.root, 'disk');
    await symlink(disk, join(world.root, 'link'));
    const engine = await world.open({ cacheDir: join(world.root, 'link', 'hub') });
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    expect(await engine.view(id)).toMatchObject({ waitReason: 'volume' });
    expect((await engine.view(id)).reason).toContain('isn’t connected');
    await mkdir(disk);
    const { done } = await engine.ended(id);
    await expectRightFiles(done!.snapshot, FILES);
  });
});

/** Root may write everywhere: a file system that can only be read stands for a folder of somebody else. */
describe('a folder of a shared cache that belongs to somebody else', () => {
  it.skipIf(!canMount())('is told before the first byte, by name', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const snapshots = join(repositoryFolder(world.cacheDir, reference), 'snapshots');
    await mkdir(snapshots, { recursive: true });
    await chmod(snapshots, 0o755);
    execFileSync('chown', ['65534:65534', snapshots]);
    execFileSync('mount', ['--bind', snapshots, snapshots]);
    execFileSync('mount', ['-o', 'remount,bind,ro', snapshots]);
    try {
      const { failed } = await (await world.open()).run({ reference });
      expect(failed).toMatchObject({ code: 'DiskPermission', details: { path: snapshots, owner: 'nobody' } });
      expect(failed!.message).toContain(`${snapshots}: it belongs to nobody`);
      expect(contentRequests(world.hub)).toEqual([]);
    } finally {
      execFileSync('umount', [snapshots]);
    }
  });
});
