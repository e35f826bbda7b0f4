import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAll } from '../content/content.ts';
import { contentOf } from '../content/source.ts';
import { type Hub, startHub } from '../hub.ts';
import { ask, locate } from '../testing/ask.ts';
import { SAMPLE, WEIGHTS, WEIGHTS_BYTES } from '../testing/sample.ts';
import * as fault from './constructors.ts';

let hub: Hub;
let url: string;
const whole = await readAll(contentOf(WEIGHTS));
const CDN = { match: { origin: 'cdn' } } as const;
const RANGE = { headers: { range: 'bytes=1000-1999' } };

beforeEach(async () => {
  hub = await startHub({ repositories: [SAMPLE], anyClient: true });
  url = await locate(hub.url, 'org/sample', 'model.safetensors');
});
afterEach(() => hub.close());

describe('broken connections', () => {
  it('are cut after exactly the given number of bytes', async () => {
    hub.faults.add({ ...CDN, ...fault.cutAfterBytes(1_234_567) });
    const answer = await ask(url);
    expect(answer.error).not.toBeNull();
    expect(answer.body.equals(whole.subarray(0, 1_234_567))).toBe(true);
    expect(await hub.waitForRequest((r) => r.origin === 'cdn' && r.endedAt !== null)).toMatchObject({
      aborted: true,
      bytesSent: 1_234_567,
      status: 200,
    });
  });

  it('can be cut after the headers, before them, and with a reset', async () => {
    hub.faults.add({ ...CDN, ...fault.cutAfterBytes(0) });
    expect(await ask(url)).toMatchObject({ status: 200, error: expect.any(Error), body: Buffer.alloc(0) });
    hub.faults.add({ ...CDN, ...fault.cutBeforeHeaders() });
    expect(await ask(url)).toMatchObject({ status: 0, error: expect.any(Error) });
    hub.faults.add({ ...CDN, ...fault.cutAfterBytes(10, { reset: true }) });
    expect((await ask(url)).error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('end early with the right or a short Content-Length', async () => {
    hub.faults.add({ ...CDN, ...fault.shortBody(500) });
    const early = await ask(url, RANGE);
    expect([early.headers['content-length'], early.body.length]).toEqual(['1000', 500]);
    expect(early.error).not.toBeNull();
    hub.faults.add({ ...CDN, ...fault.shortBody(500, 'short') });
    const short = await ask(url, RANGE);
    expect([short.headers['content-length'], short.body.length, short.error]).toEqual(['500', 500, null]);
    expect(short.headers['content-range']).toBe(`bytes 1000-1999/${WEIGHTS_BYTES}`);
  });
});

describe('stalls', () => {
  it('come before the headers', async () => {
    hub.faults.add({ ...CDN, ...fault.stallBeforeHeaders() });
    expect(await ask(url, { silenceMs: 400 })).toMatchObject({ status: 0, error: { message: 'silence' } });
  });

  it('come after the headers', async () => {
    hub.faults.add({ ...CDN, ...fault.stallAfterHeaders() });
    const answer = await ask(url, { silenceMs: 400 });
    expect([answer.status, answer.body.length, answer.error?.message]).toEqual([200, 0, 'silence']);
  });

  it('come after some bytes', async () => {
    hub.faults.add({ ...CDN, ...fault.stallAfterBytes(70_001) });
    const answer = await ask(url, { silenceMs: 400 });
    expect([answer.body.length, answer.error?.message]).toEqual([70_001, 'silence']);
  });

  it('end after the given time', async () => {
    hub.faults.add({ ...CDN, ...fault.stallAfterBytes(100, 200) });
    const answer = await ask(url);
    expect(answer.tookMs).toBeGreaterThan(190);
    expect(answer.body.equals(whole)).toBe(true);
  });

  it('do not keep the Hub from closing', async () => {
    hub.faults.add({ ...CDN, ...fault.stallBeforeHeaders() });
    const asking = ask(url);
    await hub.waitForRequest((r) => r.origin === 'cdn');
    await hub.close();
    expect((await asking).error).not.toBeNull();
  });

  it('may be a trickle', async () => {
    hub.faults.add({ ...CDN, ...fault.dribble(5000) });
    const answer = await ask(url, RANGE);
    expect(answer.body.length).toBe(1000);
    expect(answer.tookMs).toBeGreaterThan(180);
    expect(answer.tookMs).toBeLessThan(2000);
  });
});

describe('answers that must be refused', () => {
  it('200 with the whole file for a range', async () => {
    hub.faults.add({ ...CDN, ...fault.wholeBodyForRange() });
    const answer = await ask(url, RANGE);
    expect([answer.status, answer.body.length, answer.headers['content-range']]).toEqual([
      200,
      WEIGHTS_BYTES,
      undefined,
    ]);
  });

  it('a shifted Content-Range and a wrong total', async () => {
    hub.faults.add({ ...CDN, ...fault.shiftContentRange(7) });
    expect((await ask(url, RANGE)).headers['content-range']).toBe(`bytes 1007-2006/${WEIGHTS_BYTES}`);
    hub.faults.add({ ...CDN, ...fault.wrongTotal(42) });
    expect((await ask(url, RANGE)).headers['content-range']).toBe('bytes 1000-1999/42');
  });

  it('416 for a good range', async () => {
    hub.faults.add({ ...CDN, ...fault.refuseRange() });
    const answer = await ask(url, RANGE);
    expect([answer.status, answer.headers['content-range']]).toEqual([416, `bytes */${WEIGHTS_BYTES}`]);
  });

  it('gzip though identity was requested', async () => {
    hub.faults.add({ ...CDN, ...fault.gzipBody() });
    const answer = await ask(url, { headers: { range: 'bytes=0-999999', 'accept-encoding': 'identity' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.body).equals(whole.subarray(0, 1_000_000))).toBe(true);
  });

  it('a login page', async () => {
    hub.faults.add({ ...CDN, ...fault.loginPage() });
    const answer = await ask(url, RANGE);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('damage in flight at exactly the given offsets', async () => {
    hub.faults.add({ ...CDN, ...fault.flipBytes(5, 1500, 2_999_999), times: 2 });
    const part = await ask(url, RANGE);
    const right = whole.subarray(1000, 2000);
    expect([...part.body.keys()].filter((i) => part.body[i] !== right[i])).toEqual([500]);
    const all = await ask(url);
    expect([...all.body.keys()].filter((i) => all.body[i] !== whole[i])).toEqual([5, 1500, 2_999_999]);
  });

  it('redirects without end, or to any place', async () => {
    hub.faults.add({ match: { origin: 'hub' }, ...fault.redirectLoop() });
    const resolve = `${hub.url}/org/sample/resolve/main/model.safetensors`;
    expect((await ask(resolve)).headers.location).toBe('/org/sample/resolve/main/model.safetensors');
    hub.faults.add({ match: { origin: 'hub' }, ...fault.redirectTo('file:///etc/passwd') });
    expect(await ask(resolve)).toMatchObject({ status: 302, headers: { location: 'file:///etc/passwd' } });
  });
});

describe('refusals', () => {
  it.each([
    ['429 with Retry-After', fault.tooManyRequests(7), 429, { 'retry-after': '7' }],
    ['429 with RateLimit only', fault.rateLimited(3), 429, { ratelimit: '"resolvers";r=0;t=3' }],
    ['503', fault.serverError(503), 503, { 'content-type': 'text/html' }],
    ['401', fault.unauthorized(), 401, { 'x-error-message': 'Invalid credentials in Authorization header' }],
    ['403', fault.forbidden(), 403, { 'content-type': 'application/xml' }],
  ])('%s', async (_name, actions, status, headers) => {
    hub.faults.add({ match: { origin: 'hub' }, ...actions });
    expect(await ask(`${hub.url}/org/sample/resolve/main/config.json`)).toMatchObject({ status, headers });
    expect((await ask(`${hub.url}/org/sample/resolve/main/config.json`)).status).toBe(307);
  });

  it('of an expired URL last until the client resolves again', async () => {
    hub.faults.add({ ...CDN, ...fault.expiredUrl() });
    expect([(await ask(url)).status, (await ask(url)).status]).toEqual([403, 403]);
    expect((await ask(await locate(hub.url, 'org/sample', 'model.safetensors'))).status).toBe(200);
  });
});

describe('metadata that changes', () => {
  it('announces another hash and size', async () => {
    const sha256 = 'b'.repeat(64);
    hub.faults.add({ times: 9, ...fault.announceHash('model.safetensors', sha256) });
    const info = await ask(`${hub.url}/api/models/org/sample?blobs=true`);
    expect(JSON.parse(info.body.toString()).siblings[1].lfs.sha256).toBe(sha256);
    const resolved = await ask(`${hub.url}/org/sample/resolve/main/model.safetensors`);
    expect(resolved.headers['x-linked-etag']).toBe(`"${sha256}"`);
    hub.faults.clear();
    hub.faults.add(fault.announceSize('model.safetensors', 77));
    const sized = await ask(`${hub.url}/org/sample/resolve/main/model.safetensors`);
    expect(sized.headers['x-linked-size']).toBe('77');
  });

  it('moves a branch between two requests', async () => {
    const [before, after] = ['a'.repeat(40), 'b'.repeat(40)];
    const files = SAMPLE.files!;
    hub.addRepository({
      id: 'org/m',
      commits: [
        { id: before, files },
        { id: after, files },
      ],
      branches: { main: before },
    });
    hub.faults.add({ match: { repo: 'org/m', nth: 2 }, ...fault.branchMoves('org/m', 'main', after) });
    const commit = async () =>
      (await ask(`${hub.url}/org/m/resolve/main/config.json`)).headers['x-repo-commit'];
    expect([await commit(), await commit(), await commit()]).toEqual([before, after, after]);
  });

  it('drops a header', async () => {
    hub.faults.add(fault.withHeaders({ 'x-repo-commit': null, 'x-linked-etag': 'W/"abc"' }));
    const { headers } = await ask(`${hub.url}/org/sample/resolve/main/config.json`);
    expect([headers['x-repo-commit'], headers['x-linked-etag']]).toEqual([undefined, 'W/"abc"']);
  });
});

describe('matching', () => {
  it('counts matching requests only, and applies as often as configured', async () => {
    const active = hub.faults.add({ match: { rangeStart: 1000, nth: 2 }, times: 2, ...fault.serverError() });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      await ask(url);
      statuses.push((await ask(url, RANGE)).status);
    }
    expect(statuses).toEqual([206, 503, 503, 206, 206]);
    expect(active.fired).toBe(2);
  });

  it.each([
    [{ method: 'HEAD' }, 206],
    [{ path: /^\/repos\// }, 503],
    [{ path: '/other' }, 206],
    [{ file: 'model.safetensors' }, 503],
    [{ file: 'config.json' }, 206],
    [{ covers: 1999 }, 503],
    [{ covers: 2000 }, 206],
    [{ where: () => false }, 206],
  ])('looks at %o', async (match, status) => {
    hub.faults.add({ match, ...fault.serverError() });
    expect((await ask(url, RANGE)).status).toBe(status);
  });

  it('puts several faults together', async () => {
    hub.faults.add({ ...CDN, ...fault.flipBytes(1000), ...fault.cutAfterBytes(10) });
    hub.faults.add({ ...CDN, ...fault.withHeaders({ 'x-extra': '1' }) });
    const answer = await ask(url, RANGE);
    expect([answer.body.length, answer.headers['x-extra']]).toEqual([10, '1']);
    expect(answer.body[0]).not.toBe(whole[1000]);
  });

  it('stops when a fault is removed', async () => {
    hub.faults.add({ ...CDN, ...fault.serverError(), times: Number.POSITIVE_INFINITY }).remove();
    expect((await ask(url)).status).toBe(200);
  });
});

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('without faults', () => {
  it('parallel ranges put together give the file', async () => {
    const step = 300_000;
    const parts = await Promise.all(
      Array.from({ length: WEIGHTS_BYTES / step }, (_, i) =>
        ask(url, { headers: { range: `bytes=${i * step}-${(i + 1) * step - 1}` } }),
      ),
    );
    expect(sha256Of(Buffer.concat(parts.map(({ body }) => body)))).toBe(sha256Of(whole));
  });
});
