import { createHash } from 'node:crypto';
import { copyFile, readFile, realpath, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { brokenKernel } from '../../../../test/quantize/broken-kernel.ts';
import { flipBit } from '../../../../test/quantize/flip-bit.ts';
import { makeWorld, type QuantizeWorld, type WorldOptions } from '../../../../test/quantize/world.ts';

let world: QuantizeWorld;
afterEach(() => world.remove());

const folderOf = (variant: string) => join(world.root, 'kyutai', `moshiko-mlx-bf16-${variant}`);
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** Builds Q4 to the end. */
async function build(options: WorldOptions = {}) {
  world = await makeWorld(options);
  return world.until(await world.builds.start(world.wish()), 'ready');
}

describe('a build that must not be trusted', () => {
  it('is not installed when a bit of the source is wrong, and succeeds after a repair', async () => {
    world = await makeWorld();
    await flipBit(world.source, 100_000);
    const id = await world.builds.start(world.wish());
    const failed = await world.until(id, 'failed');
    expect(failed.error).toMatchObject({ code: 'HashMismatch' });
    expect(await stat(folderOf('q4')).catch(() => null)).toBeNull();
    await flipBit(world.source, 100_000);
    world.builds.resume(id);
    expect((await world.until(id, 'ready')).state).toBe('ready');
  });

  it('makes a unit again that the disk has changed', async () => {
    const { hash } = await build();
    await world.remove();
    let flipped = false;
    world = await makeWorld({
      meddle: async (request, answer) => {
        const made = await answer();
        if (request.op === 'make' && !flipped) {
          flipped = true;
          await flipBit(request.target, request.unit.pieces[0]!.targets[0]!.start + 5);
        }
        return made;
      },
    });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'ready')).hash).toBe(hash);
    expect(await sha256(world.builds.list()[0]!.file)).toBe(hash);
  });

  it('fails when the disk changes the same unit again', async () => {
    world = await makeWorld({
      meddle: async (request, answer) => {
        const made = await answer();
        if (request.op === 'make' && request.unit.index === 3)
          await flipBit(request.target, request.unit.pieces[0]!.targets[0]!.start);
        return made;
      },
    });
    const id = await world.builds.start(world.wish());
    const { error } = await world.until(id, 'failed');
    expect(error).toMatchObject({ code: 'Internal' });
    expect(error?.message).toContain('the disk changed what was written');
  });

  it('writes the header again that the disk has changed', async () => {
    const { hash } = await build();
    await world.remove();
    let flipped = false;
    world = await makeWorld({
      meddle: async (request, answer) => {
        if (request.op === 'make' && !flipped) {
          flipped = true;
          await flipBit(request.target, 60);
        }
        return answer();
      },
    });
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'ready')).hash).toBe(hash);
    expect(await sha256(world.builds.list()[0]!.file)).toBe(hash);
  });

  it.each([
    ['rounds ties down', 'reinterpret<f32>(0x3effffff)', 'reinterpret<f32>(0x3efffff0)'],
    ['cuts scales off', 'pattern + 0x7fff + ((pattern >> 16) & 1)', 'pattern'],
    ['never gives the last code', 'i8x16.splat(15)', 'i8x16.splat(14)'],
    ['has no use for the sign', '((negative ^ 1) << 31)', '0'],
    ['leaves out what stands at the end', 'first < groups;', 'first < groups - 64;'],
    ['packs the wrong way round', 'i16x8.shr_u(nibbles, 4)', 'i16x8.shr_u(nibbles, 5)'],
  ])('fails when the fast kernel %s', async (_what, right, wrong) => {
    world = await makeWorld({ kernel: await brokenKernel(right, wrong) });
    const id = await world.builds.start(world.wish());
    const { error } = await world.until(id, 'failed');
    expect(error).toMatchObject({ code: 'Internal' });
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
        if (request.op === 'recompute' && request.unit.index === 0) {
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
