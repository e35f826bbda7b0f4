import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SMALL_MOSHI } from '../../../../test/quantize/moshi-shapes.ts';
import {
  MIMI,
  makeWorld,
  type QuantizeWorld,
  REPO,
  SPM,
  type WorldOptions,
} from '../../../../test/quantize/world.ts';
import type { StoredPlan } from '../../ledger/builds.ts';
import type { Provenance } from './install/provenance.ts';

let world: QuantizeWorld;
afterEach(() => world.remove());

const folderOf = (variant: string) => join(world.root, 'kyutai', `moshiko-mlx-bf16-${variant}`);
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** The plan of a row whose build never ran. */
const OTHER_PLAN: StoredPlan = {
  hash: '',
  file: '',
  sourcePath: '',
  sourceBytes: 1,
  outputBytes: 1,
  units: 1,
  sources: [],
};

/** Builds with the given options, to the end. */
async function build(options: WorldOptions = {}, changes: Parameters<QuantizeWorld['wish']>[0] = {}) {
  world = await makeWorld(options);
  const id = await world.builds.start(world.wish(changes));
  return world.until(id, 'ready');
}

describe('a build', () => {
  it('ends with a folder that holds everything a program needs, and where it comes from', async () => {
    const view = await build();
    const folder = folderOf('q4');
    expect(view).toMatchObject({ path: folder, file: join(folder, 'model.q4.safetensors') });
    expect((await readdir(folder)).sort()).toEqual(
      ['README.md', 'haulyard.json', 'model.q4.safetensors', MIMI, SPM].sort(),
    );
    const provenance = JSON.parse(await readFile(join(folder, 'haulyard.json'), 'utf8')) as Provenance;
    expect(provenance).toMatchObject({
      format: 1,
      source: { repo: REPO, path: 'model.safetensors', sha256: await sha256(world.source) },
      recipe: { id: 'mlx-affine-4-32', rule: 'metal', bits: 4, groupSize: 32 },
      output: { path: 'model.q4.safetensors', sha256: await sha256(view.file), size: view.outputBytes },
    });
    expect(provenance.check.worstErrorInSteps).toBeGreaterThan(0.4);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain(`--moshi-weight '${view.file}'`);
    expect(await readdir(join(world.root, 'kyutai'))).toEqual(['moshiko-mlx-bf16-q4']);
  });

  it('gives the same bytes with one thread, with many and without SIMD', async () => {
    const { hash } = await build({}, { workers: 1 });
    await world.remove();
    expect((await build({}, { workers: 4 })).hash).toBe(hash);
    await world.remove();
    expect((await build({ withoutSimd: true })).hash).toBe(hash);
  });

  it('gives other bytes under the other rule', async () => {
    const { hash } = await build({}, { rule: 'metal' });
    await world.remove();
    expect((await build({}, { rule: 'cpu' })).hash).not.toBe(hash);
  });

  it('tells bytes that never go back, and is not ready before everything was hashed', async () => {
    await build({}, { variant: 'q8' });
    const told = world.events.filter((event) => event.event === 'build.progress');
    for (const [index, event] of told.entries()) {
      expect(event.sourceBytesDone).toBeGreaterThanOrEqual(told[index - 1]?.sourceBytesDone ?? 0);
      expect(event.durableBytes).toBeLessThanOrEqual(event.writtenBytes);
    }
    const states = told.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
    expect(states).toEqual(['planning', 'making', 'verifying', 'installing', 'ready']);
    const last = told.findLast(({ state }) => state === 'installing');
    expect(last?.hashedBytes).toBe(last?.outputBytes);
  });

  it('does not call verified what is still being checked', async () => {
    const held = Promise.withResolvers<void>();
    let checks = 0;
    world = await makeWorld({
      meddle: async (request, answer) => {
        const found = await answer();
        if (request.op === 'recompute' && ++checks > 3) await held.promise;
        return found;
      },
    });
    const id = await world.builds.start(world.wish({ workers: 2 }));
    await world.until(id, 'verifying');
    // Enough time for the hash of the whole file, which is not held back.
    const { source } = world;
    for (let rounds = 0; rounds < 5; rounds += 1) await sha256(source);
    const view = world.builds.list()[0];
    held.resolve();
    expect(view?.hashedBytes).toBeLessThan(view?.outputBytes ?? 0);
    expect((await world.until(id, 'ready')).hashedBytes).toBe(view?.outputBytes);
  });

  it('is ready at once when the same is there already', async () => {
    const { id, hash } = await build();
    const again = await world.builds.start(world.wish());
    expect(again).not.toBe(id);
    expect((await world.until(again, 'ready')).hash).toBe(hash);
  });

  it('does not replace what was made in another way, unless it is forced to', async () => {
    const { hash } = await build();
    await expect(world.builds.start(world.wish({ rule: 'cpu' }))).rejects.toMatchObject({
      details: { remedy: 'replace' },
    });
    const id = await world.builds.start(world.wish({ rule: 'cpu', force: true }));
    expect((await world.until(id, 'ready')).hash).not.toBe(hash);
    // Only a machine that has made one knows how long one takes.
    const plans = world.events.flatMap((event) => (event.event === 'build.planned' ? [event.plan] : []));
    expect(plans.map(({ estimatedSeconds }) => estimatedSeconds)).toEqual([null, expect.any(Number)]);
    expect(await readdir(join(world.root, 'kyutai'))).toEqual(['moshiko-mlx-bf16-q4']);
  });
});

describe('a build that is interrupted', () => {
  it('goes on where it was after another engine has started, with the same result', async () => {
    const { hash } = await build();
    await world.remove();
    let made = 0;
    const enough = Promise.withResolvers<void>();
    world = await makeWorld({
      meddle: async (request, answer) => {
        if (request.op === 'make' && ++made > 6) {
          enough.resolve();
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return answer();
      },
    });
    const id = await world.builds.start(world.wish({ workers: 1 }));
    await enough.promise;
    const remade: number[] = [];
    await world.restart({
      meddle: (request, answer) => {
        if (request.op === 'make') remade.push(request.unit.index);
        return answer();
      },
    });
    const view = await world.until(id, 'ready');
    expect(view.hash).toBe(hash);
    expect(remade.length).toBeLessThan(view.unitsTotal);
  });

  it('starts over when what it had made belongs to another recipe', async () => {
    const { hash } = await build();
    await world.remove();
    world = await makeWorld();
    const id = await world.builds.start(world.wish());
    await world.builds.pause(id);
    // As left by a version with another recipe: another plan, and units with other bytes.
    const plan = world.ledger.builds.list()[0]!.plan ?? OTHER_PLAN;
    world.ledger.transaction(() => {
      world.ledger.builds.setPlan(id, { ...plan, hash: 'ab'.repeat(32) });
      world.ledger.builds.addUnits(id, [[0, 'cd'.repeat(32)]]);
    });
    await world.restart();
    world.builds.resume(id);
    expect((await world.until(id, 'ready')).hash).toBe(hash);
  });

  it('ends when a thread dies, and continues where it was when it is tried again', async () => {
    const { hash } = await build();
    await world.remove();
    let made = 0;
    world = await makeWorld({
      meddle: (request, answer) => {
        if (request.op === 'make' && ++made === 5) return Promise.reject(new Error('the thread ended'));
        return answer();
      },
    });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error?.code).toBe('Internal');
    world.builds.resume(id);
    expect((await world.until(id, 'ready')).hash).toBe(hash);
  });

  it('stays paused until it is resumed, also across engines', async () => {
    world = await makeWorld();
    const id = await world.builds.start(world.wish());
    await world.builds.pause(id);
    expect((await world.until(id, 'paused')).state).toBe('paused');
    await world.restart();
    expect(world.builds.list()[0]?.state).toBe('paused');
    world.builds.resume(id);
    expect((await world.until(id, 'ready')).state).toBe('ready');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    world = await makeWorld();
    const id = await world.builds.start(world.wish());
    await world.builds.cancel(id);
    expect(world.builds.list()).toEqual([]);
    expect(await readdir(join(world.root, 'kyutai')).catch(() => [])).toEqual([]);
  });

  it('makes everything again when its file was taken away', async () => {
    const { hash } = await build();
    await world.remove();
    world = await makeWorld();
    const id = await world.builds.start(world.wish());
    await world.builds.pause(id);
    await rm(join(world.root, 'kyutai'), { recursive: true, force: true });
    world.builds.resume(id);
    expect((await world.until(id, 'ready')).hash).toBe(hash);
  });

  it('waits for a source that is gone, and goes on when it is back', async () => {
    world = await makeWorld();
    const away = join(world.folder, 'away');
    const repository = join(world.cacheDir, 'models--kyutai--moshiko-mlx-bf16');
    const id = await world.builds.start(world.wish());
    await world.builds.pause(id);
    await rename(repository, away);
    world.builds.resume(id);
    const waiting = await world.until(id, 'waiting');
    expect(waiting.waitReason ?? 'source').toBe('source');
    expect(waiting.reason).toContain('Can’t find kyutai/moshiko-mlx-bf16');
    await rename(away, repository);
    expect((await world.until(id, 'ready')).state).toBe('ready');
  });
});

describe('what is not begun', () => {
  it.each([
    ['a folder of somebody else', () => mkdir(folderOf('q4'), { recursive: true })],
    [
      'a link',
      async () => {
        await mkdir(join(world.root, 'kyutai'), { recursive: true });
        await symlink(world.cacheDir, folderOf('q4'));
      },
    ],
    [
      'a file',
      async () => {
        await mkdir(join(world.root, 'kyutai'), { recursive: true });
        await writeFile(folderOf('q4'), 'mine');
      },
    ],
  ])('a build into a place where %s is', async (_what, prepare) => {
    world = await makeWorld();
    await prepare();
    await expect(world.builds.start(world.wish())).rejects.toMatchObject({ code: 'PathUnsafe' });
    expect(world.builds.list()).toEqual([]);
  });

  it('a build of what is not here', async () => {
    world = await makeWorld();
    await expect(world.builds.start(world.wish({ repo: 'org/other' }))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('a build through a link in place of the growing folder', async () => {
    world = await makeWorld();
    await mkdir(join(world.root, 'kyutai'), { recursive: true });
    await symlink(world.cacheDir, join(world.root, 'kyutai', '.moshiko-mlx-bf16-q4.haulyard.partial'));
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'PathUnsafe' });
  });

  it('a second build before the first has ended', async () => {
    world = await makeWorld({}, { ...SMALL_MOSHI, texts: 20_000 });
    const first = await world.builds.start(world.wish());
    const second = await world.builds.start(world.wish({ variant: 'q8' }));
    await world.until(second, 'planning', 'making');
    expect(world.builds.list().find(({ id }) => id === first)?.state).toBe('ready');
    await world.until(second, 'ready');
  });

  it('a second build of the same', async () => {
    world = await makeWorld();
    const first = await world.builds.start(world.wish());
    expect(await world.builds.start(world.wish())).toBe(first);
    await world.until(first, 'ready');
  });
});
