import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import { openWorld, type World } from './harness.ts';
import { contentRequests, expectRightFiles } from './on-disk.ts';
import { SMALL_PARAKEET } from './repositories.ts';

const COMMIT = 'c'.repeat(40);
const FILES = SMALL_PARAKEET.files!;
const MODEL = { id: SMALL_PARAKEET.id, commits: [{ id: COMMIT, files: FILES }] };
const FOREVER = Number.POSITIVE_INFINITY;

/** Repository managers know the model and its names, and have fewer routes than the Hub. */
async function openManager(...missing: readonly string[]): Promise<World> {
  const world = await openWorld([MODEL]);
  const info = JSON.stringify({ sha: COMMIT, siblings: FILES.map(({ path }) => ({ rfilename: path })) });
  const revision = { path: /\/api\/models\/.*\/revision\// };
  world.hub.faults.add({ match: revision, times: FOREVER, ...fault.answerWith(200, info) });
  for (const route of missing) {
    const match = { path: new RegExp(`/api/models/.*/${route}/`) };
    world.hub.faults.add({ match, times: FOREVER, ...fault.answerWith(404, 'Not found') });
  }
  return world;
}

describe('a repository manager that lists no sizes and has no tree of files', () => {
  it.each([
    ['knows files by name', ['tree']],
    ['answers only for each file', ['tree', 'paths-info']],
  ])('and %s gives the whole model', async (_, missing) => {
    await using world = await openManager(...missing);
    const { done } = await (await world.open()).download({ reference: MODEL.id });
    expect(done.files.every(({ check }) => check === 'hashed')).toBe(true);
    await expectRightFiles(done.snapshot, FILES);
  });

  it('delivers only what was chosen', async () => {
    await using world = await openManager('tree', 'paths-info');
    const engine = await world.open();
    const { done } = await engine.download({ reference: MODEL.id, include: ['*.json'] });
    expect(done.files.map(({ path }) => path)).toEqual(['config.json']);
    expect(contentRequests(world.hub)).toHaveLength(1);
  });
});
