import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { contentRequests, expectRightFiles } from './on-disk.ts';
import { text, weights } from './repositories.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const SIZE = 3 * MIB + 11;
const MODEL = { id: 'org/model', files: [weights('model.safetensors', SIZE), text('config.json', '{}\n')] };
const ON_CDN = { origin: 'cdn' } as const;

describe('storage that does not have what the Hub lists', () => {
  it.each([
    ['another size, whatever is asked for', fault.wrongTotal(99), [/\b99 bytes/, /3\.1 MB|3,?145,?739/]],
    ['a body that is always compressed', fault.gzipBody(), [/gzip/]],
  ])('but %s, ends the download after a few tries, and says so', async (_, actions, words) => {
    await using world = await openWorld([MODEL]);
    world.hub.faults.add({ match: ON_CDN, times: FOREVER, ...actions });
    const engine = await world.open();
    const { id, failed, events } = await engine.run({ reference: MODEL.id, workers: 1 });
    for (const word of words) expect(failed!.message).toMatch(word);
    expect(failed).toMatchObject({ code: 'ServerError', retryable: true });
    expect(ofKind(events, 'retry').length).toBeLessThan(8);
    world.hub.faults.clear();
    const since = engine.mark();
    await engine.call('downloads.resume', { id });
    await expectRightFiles((await engine.ended(id, { since })).done!.snapshot, MODEL.files);
  });
});

describe('a network that filters', () => {
  it('is told with the title of its page, and not as a matter of tokens', async () => {
    await using world = await openWorld([MODEL]);
    const page = '<!doctype html><title>Blocked by Example Corp</title><h1>Not for work</h1>';
    const blocked = fault.answerWith(403, page, { 'content-type': 'text/html' });
    world.hub.faults.add({ match: { origin: 'hub' }, times: FOREVER, ...blocked });
    const { failed } = await (await world.open()).run({ reference: MODEL.id });
    expect(failed).toMatchObject({ code: 'Offline', details: { trouble: 'blocked' } });
    expect(failed!.message).toContain('Blocked by Example Corp');
    expect(failed!.message).not.toMatch(/token/);
  });
});

describe('a repository with a name that cannot be written', () => {
  const BAD = '..\\..\\evil.bin';
  const files = [...MODEL.files, text(BAD, 'bad')];
  const open = () => openWorld([{ id: MODEL.id, files }]);

  it('is refused by that name when all of it is asked for', async () => {
    await using world = await open();
    const { failed } = await (await world.open()).run({ reference: MODEL.id });
    expect(failed).toMatchObject({ code: 'PathUnsafe', message: expect.stringContaining('evil.bin') });
    expect(contentRequests(world.hub)).toEqual([]);
  });

  it.each([
    ['chosen', { include: ['*.json', '*.safetensors'] }],
    ['not left out', { exclude: ['*evil*'] }],
  ])('gives the files that are %s', async (_, wish) => {
    await using world = await open();
    const { done } = await (await world.open()).download({ reference: MODEL.id, ...wish });
    await expectRightFiles(done.snapshot, MODEL.files);
  });
});

describe('a folder with a star', () => {
  it('is all that is in it, however deep, as in the Hugging Face tools', async () => {
    const inside = ['onnx/a.onnx', 'onnx/fp16/b.onnx', 'onnx/fp16/deep/c.onnx'].map((path) =>
      weights(path, 1000),
    );
    await using world = await openWorld([{ id: 'org/deep', files: [...MODEL.files, ...inside] }]);
    const { done } = await (await world.open()).download({ reference: 'org/deep', include: ['onnx/*'] });
    expect(done.files.map(({ path }) => path).sort()).toEqual(inside.map(({ path }) => path).sort());
  });
});
