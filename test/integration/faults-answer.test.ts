import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import * as fault from '../hub/faults/constructors.ts';
import type { FaultActions, FaultMatch } from '../hub/faults/fault.ts';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { expectRightFiles, flipByte, partialOf } from './on-disk.ts';
import { oneFile, weights } from './repositories.ts';

const REPOSITORY = oneFile(3 * MIB + 5);
const reference = REPOSITORY.id;
const FOREVER = Number.POSITIVE_INFINITY;
const SECOND_CHUNK: FaultMatch = { origin: 'cdn', rangeStart: MIB };
const HUB_INFO: FaultMatch = { path: /^\/api\/models\// };

/** One answer is wrong, the next ones are right. */
async function afterOne(match: FaultMatch, actions: FaultActions, times = 1) {
  await using world = await openWorld([REPOSITORY]);
  const active = world.hub.faults.add({ match, times, ...actions });
  const { done, events } = await (await world.open()).download({ reference, profile: 'very-weak' });
  expect(active.fired).toBe(times);
  await expectRightFiles(done.snapshot, REPOSITORY.files!);
  return ofKind(events, 'retry').map(({ chunk, code, message }) => ({ chunk, code, message }));
}

describe('a wrong answer in place of a range', () => {
  it.each<[string, FaultActions, string, string]>([
    ['another range', fault.shiftContentRange(1), 'ServerError', 'another part of the file'],
    ['a range far off', fault.shiftContentRange(-MIB), 'ServerError', 'another part of the file'],
    ['another total size', fault.wrongTotal(99), 'ServerError', 'but the list of files has'],
    ['no range at all', fault.withHeaders({ 'content-range': null }), 'ServerError', 'no range'],
    ['a refusal of the range', fault.refuseRange(), 'RangeUnsupported', '416'],
    ['compressed bytes', fault.gzipBody(), 'ServerError', 'compresses'],
    ['a sign-in page', fault.loginPage(), 'Offline', 'sign in'],
    [
      'a sign-in page as 206',
      { ...fault.withHeaders({ 'content-type': 'text/html' }) },
      'Offline',
      'sign in',
    ],
    ['nothing', fault.answerWith(204), 'ServerError', '204'],
    ['a redirect without an address', fault.answerWith(302), 'ServerError', 'redirects'],
  ])('is not used when it is %s', async (_, actions, code, words) => {
    const retries = await afterOne(SECOND_CHUNK, actions);
    expect(retries).toMatchObject([{ chunk: 1, code }]);
    expect(retries[0]!.message).toContain(words);
  });

  it.each<[string, FaultActions, string]>([
    ['another file than the Hub lists', fault.wrongTotal(99), 'but the list of files has 3,145,733'],
    ['a compressed one', fault.gzipBody(), 'compresses the file (gzip)'],
  ])('ends the download when it is %s every time, and keeps what is there', async (_, actions, words) => {
    await using world = await openWorld([REPOSITORY]);
    const match = { ...SECOND_CHUNK, rangeStart: MIB };
    world.hub.faults.add({ match, times: FOREVER, ...actions });
    const engine = await world.open({ random: () => 0.01 });
    const { id, failed, events } = await engine.run({ reference, profile: 'very-weak' });
    expect(failed).toMatchObject({ code: 'ServerError', retryable: true });
    expect(failed!.message).toContain(words);
    expect(ofKind(events, 'retry')).toHaveLength(4);
    expect((await engine.view(id)).receivedBytes).toBe(MIB);
    world.hub.faults.clear();
    const since = engine.mark();
    await engine.call('downloads.resume', { id });
    const { done } = await engine.ended(id, { since });
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
  });
});

describe('storage that ignores ranges', () => {
  const IGNORES = { match: { origin: 'cdn' } as FaultMatch, times: FOREVER, ...fault.wholeBodyForRange() };
  const told = (events: readonly EngineEvent[]) =>
    ofKind(events, 'retry').filter(({ code }) => code === 'RangeUnsupported');

  it.each([1, 4, undefined])('brings a file of many chunks, said once (%s streams)', async (workers) => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add(IGNORES);
    const engine = await world.open();
    const { done, events } = await engine.download({ reference, workers });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(told(events)).toHaveLength(1);
    expect(told(events)[0]!.message).toContain('one connection, from its beginning');
  });

  it('goes on after a break by skipping what is on disk', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ ...IGNORES, times: 1, ...fault.cutAfterBytes(2 * MIB + 700_000) });
    world.hub.faults.add(IGNORES);
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'retry').map(({ code }) => code)).toEqual(['RangeUnsupported', 'Offline']);
    expect(done.stats.wastedBytes).toBeGreaterThan(2 * MIB);
    expect(done.stats.wastedBytes).toBeLessThanOrEqual(2 * MIB + 700_000);
  });

  it('continues in a new process in the same way, and a byte that rotted in the meantime is repaired', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 1_500_000 } });
    world.hub.faults.add(IGNORES);
    const first = await world.open();
    const id = await first.add({ reference, workers: 1 });
    await first.waitFor('progress', ({ receivedBytes }) => receivedBytes > 1.5 * MIB);
    await first.call('downloads.pause', { id });
    await first.close();
    const partial = await partialOf(world, REPOSITORY);
    await flipByte(partial, 1_200_000);
    world.hub.conditions.set({ totalBytesPerSecond: null });
    const second = await world.open();
    const since = second.mark();
    await second.call('downloads.resume', { id });
    const { done } = await second.ended(id, { since });
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
  });

  it('downloads several files at once, each over one connection', async () => {
    const several = {
      id: 'org/several',
      files: ['a', 'b', 'c'].map((name) => weights(`${name}.safetensors`, 2 * MIB + 3)),
    };
    await using world = await openWorld([several]);
    world.hub.faults.add(IGNORES);
    const { done, events } = await (await world.open()).download({ reference: several.id, workers: 8 });
    await expectRightFiles(done.snapshot, several.files);
    expect(told(events)).toHaveLength(1);
  });
});

describe('a redirect', () => {
  it('in a circle at the storage server is ended and tried again', async () => {
    const retries = await afterOne({ origin: 'cdn' }, fault.redirectLoop(), 11);
    expect(retries).toMatchObject([{ code: 'ServerError' }]);
    expect(retries[0]!.message).toContain('circle');
  });

  it('in a circle at the Hub is ended and tried again', async () => {
    const retries = await afterOne({ path: /\/resolve\// }, fault.redirectLoop(), 11);
    expect(retries[0]!.message).toContain('circle');
  });

  it.each([
    ['the storage server', { origin: 'cdn' } satisfies FaultMatch],
    ['the Hub', { path: /\/resolve\// } satisfies FaultMatch],
    ['the Hub while it lists files', HUB_INFO],
  ])('to a file on this disk is not followed when it comes from %s', async (_, match) => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match, times: FOREVER, ...fault.redirectTo('file:///etc/passwd') });
    const { failed } = await (await world.open()).run({ reference });
    expect(failed).toMatchObject({ code: 'ServerError', retryable: false });
    expect(failed!.message).toContain('isn’t safe to follow');
  });

  it('from the storage server back to the Hub is followed, and the token goes only there', async () => {
    await using world = await openWorld([REPOSITORY], { tokens: LOCAL_TOKENS });
    const back = fault.redirectTo(`${world.hub.url}/${reference}/resolve/main/model.safetensors`);
    const active = world.hub.faults.add({ match: { origin: 'cdn' }, ...back });
    const engine = await world.open({ token: 'hf_local_reader' });
    const { done } = await engine.download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect([active.fired, done.stats.retries]).toEqual([1, 0]);
    expect(world.hub.violations).toEqual([]);
  });
});

describe('a wrong answer to the question which files there are', () => {
  it.each<[string, FaultActions]>([
    ['a list that ends early', fault.shortBody(100)],
    ['a server error', fault.serverError(502)],
  ])('is asked again after %s', async (_, actions) => {
    expect((await afterOne(HUB_INFO, actions)).length).toBe(1);
  });

  it('stops the download when it is no answer of a Hub', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: HUB_INFO, times: FOREVER, ...fault.loginPage() });
    const { failed } = await (await world.open()).run({ reference });
    expect(failed).toMatchObject({ code: 'BadRequest' });
    expect(failed!.message).toContain('sign in first');
  });
});

describe('a hash that is announced', () => {
  const wrong = 'c'.repeat(64);

  it('otherwise while the file is located stops the download', async () => {
    await using world = await openWorld([REPOSITORY]);
    const announced = fault.announceHash('model.safetensors', wrong);
    world.hub.faults.add({ match: { path: /\/resolve\// }, times: FOREVER, ...announced });
    const { failed } = await (await world.open()).run({ reference });
    expect(failed).toMatchObject({ code: 'ChangedUpstream', retryable: false });
  });

  it('wrong everywhere is reported as the Hub being wrong, after two downloads with one result', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ times: FOREVER, ...fault.announceHash('model.safetensors', wrong) });
    const engine = await world.open();
    const { failed, events } = await engine.run({ reference });
    expect(failed).toMatchObject({ code: 'HashMismatch', retryable: false });
    expect(failed!.message).toContain('downloaded twice with the same result');
    expect(ofKind(events, 'repaired')).toEqual([]);
    expect((await engine.call('library.list', {})).partials.length).toBe(1);
  });

  it('with another size stops the download', async () => {
    await using world = await openWorld([REPOSITORY]);
    const announced = fault.announceSize('model.safetensors', 3 * MIB);
    world.hub.faults.add({ match: { path: /\/resolve\// }, times: FOREVER, ...announced });
    const { failed } = await (await world.open()).run({ reference });
    expect(failed).toMatchObject({ code: 'ChangedUpstream' });
  });
});
