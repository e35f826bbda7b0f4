import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import type { FaultActions, FaultMatch } from '../hub/faults/fault.ts';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import { MIB, ofKind, openWorld, type World } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(3 * MIB + 5);
const reference = REPOSITORY.id;
const FOREVER = Number.POSITIVE_INFINITY;
const CDN: FaultMatch = { origin: 'cdn' };
const INFO: FaultMatch = { path: /^\/api\/models\// };

/** Milliseconds between the answer that hit a fault and the next request to the same host. */
function pauseAfter(world: World, status: number): number {
  const { requests } = world.hub;
  const at = requests.findIndex((request) => request.status === status);
  const hit = requests[at]!;
  return requests.slice(at + 1).find(({ origin }) => origin === hit.origin)!.time - hit.endedAt!;
}

describe('a signed URL', () => {
  it('that has expired is renewed, and the download goes on', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, nth: 2 }, ...fault.expiredUrl() });
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(world.hub.requests.filter(({ path }) => path.includes('/resolve/')).length).toBe(2);
  });

  it('is renewed once for all streams that were refused', async () => {
    const repository = oneFile(12 * MIB);
    await using world = await openWorld([repository], { conditions: { totalBytesPerSecond: 6_000_000 } });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 8 });
    await world.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 300_000);
    world.hub.expireUrls();
    await expectRightFiles((await engine.ended(id)).done!.snapshot, repository.files!);
    expect(world.hub.requests.filter(({ path }) => path.includes('/resolve/')).length).toBe(2);
  });

  it('that is refused however fresh it is stops the download with what the server says', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: CDN, times: FOREVER, ...fault.forbidden('Blocked in your country') });
    const { failed } = await (await world.open()).run({ reference, workers: 1 });
    expect(failed).toMatchObject({ code: 'ServerError', retryable: false });
    expect(failed!.message).toContain('Blocked in your country');
  });

  it('that is good for one range alone stops the download with what the server says, without a loop', async () => {
    const repository = oneFile(12 * MIB);
    await using world = await openWorld([repository]);
    const notTheFirst: FaultMatch = { ...CDN, where: ({ range }) => range?.start !== 0 };
    world.hub.faults.add({ match: notTheFirst, times: FOREVER, ...fault.invalidRange() });
    const { failed } = await (await world.open()).run({ reference, workers: 4 });
    expect(failed).toMatchObject({ code: 'ServerError', retryable: false });
    expect(failed!.message).toContain('Auth failed: invalid range');
    expect(world.hub.requests.length).toBeLessThan(40);
  });
});

describe('a token', () => {
  it('that ends half way stops the download and keeps what is there', async () => {
    await using world = await openWorld([REPOSITORY], { tokens: LOCAL_TOKENS });
    world.hub.faults.add({ match: { path: /\/resolve\//, nth: 2 }, times: FOREVER, ...fault.unauthorized() });
    world.hub.faults.add({ match: { ...CDN, nth: 2 }, ...fault.expiredUrl() });
    const engine = await world.open({ token: 'hf_local_reader' });
    const { id, failed } = await engine.run({ reference, workers: 1 });
    expect(failed).toMatchObject({ code: 'AuthRequired', retryable: false });
    expect((await engine.view(id)).receivedBytes).toBeGreaterThanOrEqual(MIB);
  });
});

describe('a server that asks to slow down', () => {
  it.each<[string, FaultActions]>([
    ['with Retry-After', fault.tooManyRequests(2)],
    ['with RateLimit headers and a web page', fault.rateLimited(2)],
  ])('%s is left alone for so long, and the user is told until when', async (_, actions) => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: CDN, ...actions });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    const { retryAt } = await engine.waitFor('progress', ({ state }) => state === 'waiting');
    expect((await engine.view(id)).waitReason).toBe('rate-limit');
    expect(Date.parse(retryAt!) - Date.now()).toBeGreaterThan(500);
    await expectRightFiles((await engine.ended(id)).done!.snapshot, REPOSITORY.files!);
    expect(pauseAfter(world, 429)).toBeGreaterThan(1950);
  });

  it('with an empty web page is tried again after a while', async () => {
    await using world = await openWorld([REPOSITORY]);
    const page = fault.answerWith(429, '<html></html>', { 'content-type': 'text/html' });
    world.hub.faults.add({ match: CDN, times: 2, ...page });
    const { done, events } = await (await world.open()).download({ reference, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(ofKind(events, 'retry').map(({ code }) => code)).toEqual(['RateLimited', 'RateLimited']);
  });

  it('while it lists files is obeyed as well', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: INFO, ...fault.rateLimited(2) });
    const engine = await world.open();
    const id = await engine.add({ reference });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    expect((await engine.view(id)).waitReason).toBe('rate-limit');
    expect((await engine.ended(id)).done).not.toBeNull();
    expect(pauseAfter(world, 429)).toBeGreaterThan(1950);
  });

  it('is one wait for all streams', async () => {
    const repository = oneFile(9 * MIB);
    await using world = await openWorld([repository]);
    const active = world.hub.faults.add({ match: CDN, times: 8, ...fault.tooManyRequests(1) });
    const { done } = await (await world.open()).download({ reference, workers: 8 });
    await expectRightFiles(done.snapshot, repository.files!);
    expect(active.fired).toBe(8);
    expect(done.stats.seconds).toBeLessThan(8);
  });
});

describe('a server with a problem of its own', () => {
  it.each([500, 502, 503, 504, 408])('(%d) is tried again', async (status) => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { ...CDN, rangeStart: MIB }, ...fault.serverError(status) });
    const { done, events } = await (await world.open()).download({ reference, profile: 'very-weak' });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    const code = status === 408 ? 'Timeout' : 'ServerError';
    expect(ofKind(events, 'retry')).toMatchObject([{ chunk: 1, code, attempt: 1 }]);
    expect(ofKind(events, 'retry')[0]!.message).toContain(String(status));
  });

  it('while the file is located is tried again', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: { path: /\/resolve\// }, times: 2, ...fault.serverError(503) });
    const { done } = await (await world.open()).download({ reference, workers: 1 });
    expect(done.stats.retries).toBe(2);
  });

  it('is reported as such while it is waited for', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: CDN, ...fault.serverError(503, { 'retry-after': '25' }) });
    const engine = await world.open();
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ state }) => state === 'waiting');
    expect(await engine.view(id)).toMatchObject({
      waitReason: 'server',
      reason: expect.stringContaining('503'),
    });
    await engine.call('downloads.retryNow', { id });
    expect((await engine.ended(id)).done!.stats.seconds).toBeLessThan(20);
  });

  it('for longer than allowed fails with the reason', async () => {
    await using world = await openWorld([REPOSITORY]);
    world.hub.faults.add({ match: CDN, times: FOREVER, ...fault.serverError(503) });
    const engine = await world.open({ giveUpAfterMs: 2500 });
    const { failed } = await engine.run({ reference, profile: 'very-weak' });
    expect(failed).toMatchObject({ code: 'ServerError', retryable: true });
    expect(failed!.message).toContain('503');
  });
});
