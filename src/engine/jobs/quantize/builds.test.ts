import { createHash } from 'node:crypto';
import {
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
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
import type { Provenance } from './install/provenance.ts';

let world: QuantizeWorld;
afterEach(() => world.remove());

const folderOf = (variant: string) => join(world.root, 'kyutai', `moshiko-mlx-bf16-${variant}`);
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** Builds with what is given, to the end. */
async function build(options: WorldOptions = {}, changes: Parameters<QuantizeWorld['wish']>[0] = {}) {
  world = await makeWorld(options);
  const id = await world.builds.start(world.wish(changes));
  return world.until(id, 'ready');
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0]! ^= 1;
  await file.write(byte, 0, 1, at);
  await file.close();
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

  it('is ready at once when the same is there already', async () => {
    const { id, hash } = await build();
    const again = await world.builds.start(world.wish());
    expect(again).not.toBe(id);
    expect((await world.until(again, 'ready')).hash).toBe(hash);
  });

  it('does not replace what was made in another way, unless it is forced to', async () => {
    const { hash } = await build();
    await expect(world.builds.start(world.wish({ rule: 'cpu' }))).rejects.toThrow('--force');
    const id = await world.builds.start(world.wish({ rule: 'cpu', force: true }));
    expect((await world.until(id, 'ready')).hash).not.toBe(hash);
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
    expect(waiting.reason).toContain('is gone');
    await rename(away, repository);
    expect((await world.until(id, 'ready')).state).toBe('ready');
  });
});

describe('a build that must not be trusted', () => {
  it('is not installed when a bit of the source is wrong, and succeeds after a repair', async () => {
    world = await makeWorld();
    await flip(world.source, 100_000);
    const id = await world.builds.start(world.wish());
    const failed = await world.until(id, 'failed');
    expect(failed.error).toMatchObject({ code: 'HashMismatch' });
    expect(await stat(folderOf('q4')).catch(() => null)).toBeNull();
    await flip(world.source, 100_000);
    world.builds.resume(id);
    expect((await world.until(id, 'ready')).state).toBe('ready');
  });

  it('makes a unit again that the disk has changed', async () => {
    const { hash } = await build();
    await world.remove();
    let flipped = false;
    world = await makeWorld({
      meddle: async (request, answer) => {
        if (request.op === 'check' && !flipped) {
          flipped = true;
          await flip(request.target!, request.unit.pieces[0]!.targets[0]!.start + 5);
        }
        return answer();
      },
    });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'ready')).hash).toBe(hash);
    expect(await sha256(world.builds.list()[0]!.file)).toBe(hash);
  });

  it('fails when the disk changes the same unit again', async () => {
    world = await makeWorld({
      meddle: async (request, answer) => {
        if (request.op === 'check' && request.unit.index === 3)
          await flip(request.target!, request.unit.pieces[0]!.targets[0]!.start);
        return answer();
      },
    });
    const id = await world.builds.start(world.wish());
    const { error } = await world.until(id, 'failed');
    expect(error).toMatchObject({ code: 'Internal' });
    expect(error?.message).toContain('the disk changed what was written');
  });

  it('fails when a broken kernel made the units', async () => {
    world = await makeWorld({
      meddle: async (request, answer) => {
        const made = await answer();
        if (request.op !== 'make' || request.unit.pieces[0]!.action.kind !== 'affine') return made;
        const { start } = request.unit.pieces[0]!.targets[0]!;
        await flip(request.target!, start);
        const file = await readFile(request.target!);
        const hash = createHash('sha256');
        for (const { targets } of request.unit.pieces)
          for (const range of targets) hash.update(file.subarray(range.start, range.start + range.bytes));
        return { ...made, digest: hash.digest('hex') };
      },
    });
    const id = await world.builds.start(world.wish());
    const { error } = await world.until(id, 'failed');
    expect(error?.message).toContain('two ways to compute');
    expect(await stat(folderOf('q4')).catch(() => null)).toBeNull();
  });

  it('is not installed when the catalog names another result', async () => {
    const outputSha256 = () => 'ab'.repeat(32);
    world = await makeWorld({ entry: { name: 'Moshi', license: 'cc-by-4.0', outputSha256 } });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error).toMatchObject({
      code: 'HashMismatch',
      details: { pinned: true },
    });
  });

  it('says so when the catalog names this result', async () => {
    const { hash } = await build();
    await world.remove();
    await build({ entry: { name: 'Moshi', license: 'cc-by-4.0', outputSha256: () => hash } });
    expect(world.events.findLast(({ event }) => event === 'build.done')).toMatchObject({ pinned: true });
  });

  it('fails when the source was replaced while it was read', async () => {
    world = await makeWorld({
      meddle: async (request, answer) => {
        if (request.op === 'check' && request.unit.index === 0) {
          const blob = await realpath(world.source);
          await copyFile(blob, `${blob}.new`);
          await rename(`${blob}.new`, blob);
        }
        return answer();
      },
    });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'ChangedUpstream' });
    expect(await stat(folderOf('q4')).catch(() => null)).toBeNull();
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
