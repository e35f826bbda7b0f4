import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import { MIB, openWorld, type TestEngine, type World } from './harness.ts';
import { contentRequests, expectRightFiles, servedBytes } from './on-disk.ts';
import { text, weights } from './repositories.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const SIZE = 6 * MIB;
const big = weights('model.safetensors', SIZE, 'the same');
const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)];
const MODEL = {
  id: 'org/rewritten',
  commits: [
    { id: OLD, files: [big, text('config.json', '{"old": true}\n'), text('gone.txt', 'gone\n')] },
    { id: NEW, files: [big, text('config.json', '{"new": true}\n')] },
  ],
  branches: { main: OLD },
};

/** A download that was paused half way, before its commit went away. */
async function paused(world: World, revision?: string): Promise<{ engine: TestEngine; id: string }> {
  const engine = await world.open();
  const fourth = { origin: 'cdn', rangeStart: 3 * MIB } as const;
  world.hub.faults.add({ match: fourth, ...fault.stallBeforeHeaders() });
  const id = await engine.add({ reference: MODEL.id, workers: 1, ...(revision ? { revision } : {}) });
  await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes >= 3 * MIB);
  await engine.call('downloads.pause', { id });
  world.hub.faults.clear();
  return { engine, id };
}

/** The history is rewritten: the old commit is unknown from now on. `code` is the server's response to it. */
function rewrite({ hub }: World, code: string | null): void {
  hub.setBranch(MODEL.id, 'main', NEW);
  const headers: Record<string, string> = code === null ? {} : { 'x-error-code': code };
  const match = { path: new RegExp(`/(resolve|revision|tree)/${OLD}`) };
  hub.faults.add({ match, times: FOREVER, ...fault.answerWith(404, 'Invalid rev id', headers) });
}

async function failureAfterResume(engine: TestEngine, id: string) {
  const since = engine.mark();
  await engine.call('downloads.resume', { id });
  return (await engine.ended(id, { since })).failed!;
}

describe('a download whose commit is gone', () => {
  it.each([
    ['says that', 'RevisionNotFound'],
    ['only says that something is missing', null],
  ])('from a Hub that %s tells what happened and how to continue', async (_, code) => {
    await using world = await openWorld([MODEL]);
    const { engine, id } = await paused(world);
    rewrite(world, code);
    const failed = await failureAfterResume(engine, id);
    expect(failed).toMatchObject({ code: 'ChangedUpstream', retryable: false });
    expect(failed.details).toMatchObject({ remedy: 'accept-changed', id });
  });

  it('continues with the branch of today when told to, with every byte of what is the same', async () => {
    await using world = await openWorld([MODEL]);
    const { engine, id } = await paused(world);
    rewrite(world, 'RevisionNotFound');
    await failureAfterResume(engine, id);
    const [since, requests] = [engine.mark(), world.hub.requests.length];
    await engine.call('downloads.resume', { id, acceptChanged: true });
    const { done } = await engine.ended(id, { since });
    expect(done!.snapshot).toContain(NEW);
    await expectRightFiles(done!.snapshot, MODEL.commits[1]!.files);
    expect(contentRequests(world.hub, requests).every(({ url }) => !url.includes(OLD))).toBe(true);
    expect(servedBytes(world.hub)).toBeLessThan(SIZE + 1000);
    expect((await engine.view(id)).files.map(({ path }) => path).sort()).toEqual([
      'config.json',
      'model.safetensors',
    ]);
  });

  it('continues in the same way when it is requested again', async () => {
    await using world = await openWorld([MODEL]);
    const { engine, id } = await paused(world);
    rewrite(world, 'RevisionNotFound');
    await failureAfterResume(engine, id);
    const since = engine.mark();
    const again = await engine.add({ reference: MODEL.id, workers: 1, acceptChanged: true });
    expect(again).toBe(id);
    await expectRightFiles((await engine.ended(id, { since })).done!.snapshot, MODEL.commits[1]!.files);
  });

  it('that the user named is reported as missing', async () => {
    await using world = await openWorld([MODEL]);
    const { engine, id } = await paused(world, OLD);
    rewrite(world, 'RevisionNotFound');
    const failed = await failureAfterResume(engine, id);
    expect(failed).toMatchObject({ code: 'NotFound', message: expect.stringContaining(OLD.slice(0, 12)) });
  });

  it('is not reported for a repository that is gone altogether', async () => {
    await using world = await openWorld([MODEL]);
    const { engine, id } = await paused(world);
    const gone = fault.answerWith(404, '{}', { 'x-error-code': 'RepoNotFound' });
    world.hub.faults.add({ match: { path: /rewritten/ }, times: FOREVER, ...gone });
    expect(await failureAfterResume(engine, id)).toMatchObject({ code: 'NotFound' });
  });
});
