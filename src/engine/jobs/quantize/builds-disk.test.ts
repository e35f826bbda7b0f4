import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, mountVolume, type Volume } from '../../../../test/integration/volume.ts';
import { type Meddle, makeWorld, type QuantizeWorld } from '../../../../test/quantize/world.ts';

const MIB = 1 << 20;
/** Q4 of the small Moshi is 6 MB; a twentieth of the volume is kept free. */
const VOLUME_BYTES = 24 * MIB;

let world: QuantizeWorld;
let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'haulyard-build-disk-'));
});
afterEach(async () => {
  await world.remove();
  await rm(place, { recursive: true, force: true });
});

/** Runs a function before the unit with this number is produced. */
function beforeUnit(number: number, work: () => Promise<void>): Meddle {
  let made = 0;
  return async (request, answer) => {
    if (request.op === 'make' && made++ === number) await work();
    return answer();
  };
}

/** SHA-256 of an undisturbed build. */
async function usualHash(): Promise<string | null> {
  world = await makeWorld();
  const { hash } = await world.until(await world.builds.start(world.wish()), 'ready');
  await world.remove();
  return hash;
}

// Skipped where this process may not mount: there is no other way to a volume that is really full.
describe.skipIf(!canMount())('a build on a disk', () => {
  let volume: Volume;
  beforeEach(() => {
    volume = mountVolume(join(place, 'volume'), VOLUME_BYTES);
  });
  afterEach(() => volume[Symbol.dispose]());
  const root = () => join(volume.path, 'haulyard');

  it('that is full waits before it writes, names what is missing, and continues by itself', async () => {
    world = await makeWorld({ root: root() });
    await volume.fill();
    const id = await world.builds.start(world.wish());
    const waiting = await world.until(id, 'waiting');
    expect(waiting).toMatchObject({ waitReason: 'disk', writtenBytes: 0, error: { code: 'DiskFull' } });
    expect(waiting.reason).toMatch(/^Not enough space on the disk of .*\. Free up \d+(\.\d)? MB; /);
    await volume.free();
    await world.until(id, 'ready');
  });

  it('that becomes full in the middle waits, and ends with the same bytes', async () => {
    const hash = await usualHash();
    world = await makeWorld({ root: root(), meddle: beforeUnit(3, () => volume.fill()) });
    const id = await world.builds.start(world.wish({ workers: 1 }));
    expect(await world.until(id, 'waiting')).toMatchObject({ waitReason: 'disk' });
    expect(await readdir(join(root(), 'kyutai'))).toEqual(['.moshiko-mlx-bf16-q4.haulyard.partial']);
    await volume.free();
    world.builds.retryNow();
    expect((await world.until(id, 'ready')).hash).toBe(hash);
  });

  it('that is full fails where nobody looks on', async () => {
    world = await makeWorld({ root: root(), isUnattended: true });
    await volume.fill();
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'DiskFull' });
  });

  it('that is read-only fails with that reason', async () => {
    world = await makeWorld({ root: root() });
    volume.makeReadOnly();
    const id = await world.builds.start(world.wish());
    expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'DiskPermission' });
  });

  it('that is unplugged waits, writes nothing where it was mounted, and continues when it is back', async () => {
    const hash = await usualHash();
    // As after an unmount: the mount point still exists, and is empty.
    const elsewhere = join(place, 'elsewhere');
    const moved = join(place, 'disk');
    await mkdir(moved);
    const unplug = () => rename(moved, elsewhere).then(() => mkdir(moved));
    world = await makeWorld({ root: join(moved, 'haulyard'), meddle: beforeUnit(3, unplug) });
    const id = await world.builds.start(world.wish({ workers: 1 }));
    expect(await world.until(id, 'waiting')).toMatchObject({ waitReason: 'volume' });
    world.builds.retryNow();
    await world.until(id, 'waiting');
    expect(await readdir(moved)).toEqual([]);
    await rename(elsewhere, moved);
    world.builds.retryNow();
    expect((await world.until(id, 'ready')).hash).toBe(hash);
  });
});
