import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAll } from '../content/content.ts';
import { digestOf } from '../content/digests.ts';
import { contentOf } from '../content/source.ts';
import { ODD_NAMES } from '../fixtures/odd.ts';
import { type Hub, startHub } from '../hub.ts';
import { ask, locate } from '../testing/ask.ts';
import { SAMPLE, WEIGHTS, WEIGHTS_BYTES } from '../testing/sample.ts';

let hub: Hub;
const weights = () => readAll(contentOf(WEIGHTS));

beforeAll(async () => {
  hub = await startHub({ repositories: [SAMPLE, ODD_NAMES], anyClient: true });
});
afterAll(() => hub.close());

describe('resolve of a small git file', () => {
  it('is a relative 307 with commit and git SHA-1', async () => {
    const answer = await ask(`${hub.url}/org/sample/resolve/main/config.json`, { method: 'HEAD' });
    expect(answer.status).toBe(307);
    expect(answer.headers.location).toMatch(
      /^\/api\/resolve-cache\/models\/org\/sample\/[0-9a-f]{40}\/config\.json\?/,
    );
    expect(answer.headers['x-linked-etag']).toMatch(/^"[0-9a-f]{40}"$/);
    expect(answer.headers['x-repo-commit']).toMatch(/^[0-9a-f]{40}$/);
    expect(answer.headers['x-linked-size']).toBeUndefined();
    expect(answer.headers.ratelimit).toMatch(/^"resolvers";r=\d+;t=\d+$/);
  });

  it('leads to the content, and to 304 for a known etag', async () => {
    const url = await locate(hub.url, 'org/sample', 'config.json');
    const answer = await ask(url);
    expect([answer.status, answer.body.toString()]).toEqual([200, '{"a": 1}\n']);
    expect(answer.headers['content-length']).toBe('9');
    const again = await ask(url, { headers: { 'if-none-match': answer.headers.etag! } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('is gzip-encoded without length for a client that accepts that, but never for a range', async () => {
    const url = await locate(hub.url, 'org/sample', 'config.json');
    const zipped = await ask(url, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers['content-length']).toBeUndefined();
    expect(gunzipSync(zipped.body).toString()).toBe('{"a": 1}\n');
    const ranged = await ask(url, { headers: { 'accept-encoding': 'gzip', range: 'bytes=1-3' } });
    expect([ranged.status, ranged.body.toString()]).toEqual([206, '"a"']);
    expect(ranged.headers['content-encoding']).toBeUndefined();
  });

  it.each(ODD_NAMES.files!.filter((file) => file.lfs !== true && !file.path.startsWith('many/')))(
    'works for the name $path',
    async (file) => {
      const encoded = file.path.split('/').map(encodeURIComponent).join('/');
      const answer = await ask(await locate(hub.url, ODD_NAMES.id, encoded));
      expect(answer.status).toBe(200);
      expect(answer.body.equals(await readAll(contentOf(file)))).toBe(true);
      expect(hub.requests.at(-1)).toMatchObject({ repo: ODD_NAMES.id, file: file.path });
    },
  );
});

describe('resolve of an LFS file', () => {
  it('is an absolute 302 to another host, with size and SHA-256', async () => {
    const answer = await ask(`${hub.url}/org/sample/resolve/main/model.safetensors`);
    expect(answer.status).toBe(302);
    const location = new URL(answer.headers.location!);
    expect(location.hostname).toBe('localhost');
    expect([...location.searchParams.keys()]).toEqual(
      expect.arrayContaining(['Expires', 'Signature', 'Key-Pair-Id']),
    );
    expect(answer.headers['x-linked-size']).toBe(String(WEIGHTS_BYTES));
    const sha256 = await digestOf({ source: WEIGHTS, algorithm: 'sha256' });
    expect(answer.headers['x-linked-etag']).toBe(`"${sha256}"`);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
    expect(answer.body.length).toBeLessThan(2000);
  });

  it('leads to the bytes, whole and in part', async () => {
    const url = await locate(hub.url, 'org/sample', 'model.safetensors');
    const whole = await weights();
    expect((await ask(url)).body.equals(whole)).toBe(true);
    const part = await ask(url, { headers: { range: 'bytes=1000-2500000' } });
    expect([part.status, part.headers['content-range']]).toEqual([
      206,
      `bytes 1000-2500000/${WEIGHTS_BYTES}`,
    ]);
    expect(part.body.equals(whole.subarray(1000, 2_500_001))).toBe(true);
    const tail = await ask(url, { headers: { range: 'bytes=-7' } });
    expect(tail.body.equals(whole.subarray(-7))).toBe(true);
  });

  it('has an etag at the CDN that is not the SHA-256', async () => {
    const answer = await ask(await locate(hub.url, 'org/sample', 'model.safetensors'), { method: 'HEAD' });
    const sha256 = await digestOf({ source: WEIGHTS, algorithm: 'sha256' });
    expect(answer.headers['content-length']).toBe(String(WEIGHTS_BYTES));
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect(answer.headers.etag).not.toContain(sha256);
  });

  it('gives 416 with the size beyond the end', async () => {
    const url = await locate(hub.url, 'org/sample', 'model.safetensors');
    const answer = await ask(url, { headers: { range: `bytes=${WEIGHTS_BYTES}-` } });
    expect([answer.status, answer.headers['content-range']]).toEqual([416, `bytes */${WEIGHTS_BYTES}`]);
  });
});

describe('signed URLs', () => {
  it('are refused with XML when the signature is wrong', async () => {
    const url = new URL(await locate(hub.url, 'org/sample', 'model.safetensors'));
    url.searchParams.set('Expires', String(Number(url.searchParams.get('Expires')) + 1));
    const answer = await ask(url.href);
    expect([answer.status, answer.headers['content-type']]).toEqual([403, 'application/xml']);
    expect(answer.body.toString()).toContain('<Code>AccessDenied</Code>');
  });

  it('are refused once their time is over', async () => {
    await using shortLived = await startHub({ repositories: [SAMPLE], urlLifetimeSeconds: 0 });
    expect((await ask(await locate(shortLived.url, 'org/sample', 'model.safetensors'))).status).toBe(403);
  });

  it('are good for the range of the question alone when the question had one', async () => {
    const question = { method: 'HEAD', headers: { range: 'bytes=0-0' } };
    const resolved = await ask(`${hub.url}/org/sample/resolve/main/model.safetensors`, question);
    const url = resolved.headers.location!;
    expect((await ask(url, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
    for (const headers of [{}, { range: 'bytes=0-1' }] as const) {
      const answer = await ask(url, { headers });
      expect([answer.status, answer.body.toString()]).toEqual([403, 'Auth failed: invalid range']);
    }
  });

  it('expire when the test requests it, and new ones are valid', async () => {
    const url = await locate(hub.url, 'org/sample', 'model.safetensors');
    hub.expireUrls();
    expect((await ask(url)).status).toBe(403);
    expect((await ask(await locate(hub.url, 'org/sample', 'model.safetensors'))).status).toBe(200);
  });

  it('outlive a restart of the Hub', async () => {
    const url = new URL(await locate(hub.url, 'org/sample', 'model.safetensors'));
    await using other = await startHub({ repositories: [SAMPLE] });
    url.port = new URL(other.cdnUrl).port;
    expect((await ask(url.href)).status).toBe(200);
  });
});

describe('the CDN', () => {
  it('refuses a request with a token and records a violation', async () => {
    const url = await locate(hub.url, 'org/sample', 'model.safetensors');
    const answer = await ask(url, { headers: { authorization: 'Bearer hf_secret' } });
    expect(answer.status).toBe(500);
    expect(hub.violations).toMatchObject([{ request: { origin: 'cdn', file: 'model.safetensors' } }]);
  });
});
