import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Meddle, makeWorld, type QuantizeWorld } from '../../../../test/quantize/world.ts';

let world: QuantizeWorld;
let release = Promise.withResolvers<void>();
beforeEach(() => {
  release = Promise.withResolvers<void>();
});
afterEach(() => {
  release.resolve();
  return world.remove();
});

/** Holds the threads back after some units until `release` is resolved. */
function holdAfter(units: number) {
  const reached = Promise.withResolvers<void>();
  let made = 0;
  const meddle: Meddle = async (request, answer) => {
    if (request.op === 'make') {
      made += 1;
      if (made > units) {
        reached.resolve();
        await release.promise;
      }
    }
    return answer();
  };
  return { meddle, reached: reached.promise };
}

const stateOf = (id: string) => world.builds.list().find((build) => build.id === id)?.state;

describe('all builds at once', () => {
  it('are paused, both running and waiting ones, and continue together', async () => {
    const held = holdAfter(4);
    world = await makeWorld(held);
    const first = await world.builds.start(world.wish());
    const second = await world.builds.start(world.wish({ variant: 'q8' }));
    await held.reached;
    const paused = world.builds.pauseAll();
    release.resolve();
    await paused;
    expect([stateOf(first), stateOf(second)]).toEqual(['paused', 'paused']);
    world.builds.resumeAll();
    await world.until(first, 'ready');
    await world.until(second, 'ready');
  });

  it('stay finished when all are resumed', async () => {
    world = await makeWorld();
    const id = await world.builds.start(world.wish());
    await world.until(id, 'ready');
    world.builds.resumeAll();
    await world.builds.pauseAll();
    expect(stateOf(id)).toBe('ready');
  });
});

describe('before the computer sleeps', () => {
  it('the output is durable', async () => {
    const held = holdAfter(6);
    world = await makeWorld(held);
    const id = await world.builds.start(world.wish({ workers: 1 }));
    await held.reached;
    const before = world.builds.list()[0];
    await world.builds.suspend();
    expect(before?.unitsDone).toBeGreaterThan(0);
    expect(world.ledger.builds.units(id).size).toBeGreaterThanOrEqual(before?.unitsDone ?? 0);
    expect(world.builds.list()[0]?.durableBytes).toBeGreaterThanOrEqual(before?.writtenBytes ?? 0);
    release.resolve();
    await world.until(id, 'ready');
  });
});

describe('a build that waits', () => {
  it('looks at once when it is resumed, and when everything is tried again', async () => {
    world = await makeWorld();
    const repository = join(world.cacheDir, 'models--kyutai--moshiko-mlx-bf16');
    const away = join(world.folder, 'away');
    const id = await world.builds.start(world.wish());
    await world.builds.pause(id);
    for (const tryAgain of [() => world.builds.resume(id), () => world.builds.retryNow()]) {
      await rename(repository, away);
      if (stateOf(id) === 'paused') world.builds.resume(id);
      await world.until(id, 'waiting');
      await rename(away, repository);
      tryAgain();
      const startedMs = performance.now();
      await world.until(id, 'planning');
      // Without a notification it checks every three seconds.
      expect(performance.now() - startedMs).toBeLessThan(2500);
      await world.builds.pause(id);
    }
    world.builds.resume(id);
    await world.until(id, 'ready');
  });

  it('fails instead where nobody looks on', async () => {
    world = await makeWorld({ isUnattended: true });
    const id = await world.builds.start(world.wish());
    await world.builds.pause(id);
    await rename(join(world.cacheDir, 'models--kyutai--moshiko-mlx-bf16'), join(world.folder, 'away'));
    world.builds.resume(id);
    expect((await world.until(id, 'failed')).error).toMatchObject({ code: 'NotFound' });
  });
});
