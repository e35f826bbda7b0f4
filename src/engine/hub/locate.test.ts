import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { HubClientOptions } from './hub-client.ts';
import { type ScriptedHub, scriptedHub } from './scripted-hub.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
const SHA1 = 'b45ef6fec89518d314f546fd6c3025367b721684';
const SHA256 = '248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707';
const FILE = { repo: 'org/name', commit: COMMIT, path: 'sub/a file#1.bin' };
const RESOLVE = `/org/name/resolve/${COMMIT}/sub/a%20file%231.bin`;

const hubs: ScriptedHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

async function hub(
  answer: Parameters<typeof scriptedHub>[0],
  options: Partial<HubClientOptions> = {},
): Promise<ScriptedHub> {
  const made = await scriptedHub(answer, options);
  hubs.push(made);
  return made;
}

const never = new AbortController().signal;
const locate = ({ client }: ScriptedHub, file = FILE) => client.locate(file, never);
const paths = ({ server }: ScriptedHub) => server.requests.map(({ path }) => path);
const redirect = (response: ServerResponse, location: string, headers: Record<string, string> = {}) =>
  response.writeHead(302, { location, ...headers }).end('Found. Redirecting');

describe('locate', () => {
  it('takes size, hash, commit and expiry from a redirect to storage, and does not go there', async () => {
    const made = await hub((_request, response, { foreignOrigin }) =>
      redirect(response, `${foreignOrigin}/bridge/x?Expires=1790162100&Signature=a`, {
        'x-repo-commit': COMMIT,
        'x-linked-size': '548105171',
        'x-linked-etag': `"${SHA256}"`,
        etag: 'W/"page"',
      }),
    );
    expect(await locate(made)).toEqual({
      url: `${made.server.foreignOrigin}/bridge/x?Expires=1790162100&Signature=a`,
      expiresAtMs: 1_790_162_100_000,
      size: 548105171,
      hash: SHA256,
      commit: COMMIT,
      xet: null,
    });
    expect(paths(made)).toEqual([RESOLVE]);
    const [asked] = made.server.requests;
    expect([asked?.method, asked?.headers['accept-encoding'], asked?.headers.range]).toEqual([
      'HEAD',
      'identity',
      undefined,
    ]);
  });

  it('follows the relative redirect of a small file, which has its length', async () => {
    const made = await hub((request, response) =>
      request.url === RESOLVE
        ? redirect(response, '/api/resolve-cache/x?etag=%22a%22', {
            'x-repo-commit': COMMIT,
            'x-linked-etag': `"${SHA1}"`,
          })
        : response
            .writeHead(200, { 'content-length': 665, etag: `"${SHA1}"`, 'x-repo-commit': COMMIT })
            .end(),
    );
    expect(await locate(made)).toEqual({
      url: `${made.server.origin}/api/resolve-cache/x?etag=%22a%22`,
      expiresAtMs: null,
      size: 665,
      hash: SHA1,
      commit: COMMIT,
      xet: null,
    });
    expect(made.server.requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  it('stops at a redirect to storage on the same host that has all the data', async () => {
    const made = await hub((_request, response) =>
      redirect(response, '/storage/x?signature=of-a-get', {
        'x-repo-commit': COMMIT,
        'x-linked-etag': `"${SHA256}"`,
        'x-linked-size': '7',
      }),
    );
    expect(await locate(made)).toMatchObject({ size: 7, hash: SHA256, commit: COMMIT });
    expect(paths(made)).toEqual([RESOLVE]);
  });

  it('keeps what the answer says of Xet storage', async () => {
    const made = await hub((_request, response, { foreignOrigin }) =>
      redirect(response, `${foreignOrigin}/x`, {
        'x-linked-size': '7',
        'x-linked-etag': `"${SHA256}"`,
        'x-xet-hash': SHA256.toUpperCase(),
        link: `<https://huggingface.co/api/models/org/name/xet-read-token/${COMMIT}>; rel="xet-auth", <https://cas.example/v1/reconstructions/${SHA256}>; rel="xet-reconstruction-info"`,
      }),
    );
    expect((await locate(made)).xet).toEqual({
      hash: SHA256,
      tokenUrl: `${made.server.origin}/api/models/org/name/xet-read-token/${COMMIT}`,
      reconstructionUrl: `https://cas.example/v1/reconstructions/${SHA256}`,
    });
  });

  it.each([405, 501])(
    'asks with GET, still without a range, where HEAD is answered with %i',
    async (status) => {
      const made = await hub((request, response, { foreignOrigin }) =>
        request.method === 'HEAD'
          ? response.writeHead(status).end()
          : redirect(response, `${foreignOrigin}/x`, { 'x-linked-size': '7' }),
      );
      expect((await locate(made)).size).toBe(7);
      expect(made.server.requests.map(({ method, headers }) => [method, headers.range])).toEqual([
        ['HEAD', undefined],
        ['GET', undefined],
      ]);
    },
  );

  it('retries with GET for a reason that is only in its body', async () => {
    const made = await hub((_request, response) =>
      response.writeHead(403, { 'content-type': 'text/plain' }).end('Blocked: policy 17'),
    );
    await expect(locate(made)).rejects.toMatchObject({ message: expect.stringContaining('policy 17') });
  });

  it('follows a renamed repository, whose redirect has a tag of its own', async () => {
    const made = await hub((request, response) => {
      if (request.url === RESOLVE) return redirect(response, '/new/name/resolve/x', { etag: 'W/"4f-abc"' });
      return response
        .writeHead(200, { 'content-length': 665, etag: `"${SHA1}"`, 'x-repo-commit': COMMIT })
        .end();
    });
    expect(await locate(made)).toMatchObject({
      url: `${made.server.origin}/new/name/resolve/x`,
      size: 665,
      hash: SHA1,
    });
  });

  it('sends the token to the Hub at every hop', async () => {
    const made = await hub(
      (request, response) =>
        request.url === RESOLVE
          ? redirect(response, '/hop')
          : response.writeHead(200, { 'content-length': 1 }).end(),
      { token: () => 'hf_secret' },
    );
    await locate(made);
    expect(made.server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer hf_secret',
      'Bearer hf_secret',
    ]);
  });

  it('does not go to a foreign host even when nothing was learned yet', async () => {
    const made = await hub(
      (_request, response, { foreignOrigin }) => redirect(response, `${foreignOrigin}/x`),
      {
        token: () => 'hf_secret',
      },
    );
    expect(await locate(made)).toMatchObject({
      url: `${made.server.foreignOrigin}/x`,
      size: null,
      hash: null,
      commit: null,
    });
    expect(made.server.requests).toHaveLength(1);
  });

  it('does not read the whole file that a server without HEAD begins to send', async () => {
    const made = await hub((request, response) => {
      if (request.method === 'HEAD') return response.writeHead(405).end();
      const headers = { 'content-length': 5_000_000_000, etag: `"${SHA256}"`, 'x-repo-commit': COMMIT };
      response.writeHead(200, headers);
      return response.write(Buffer.alloc(1 << 16));
    });
    expect(await locate(made)).toMatchObject({ size: 5_000_000_000, hash: SHA256 });
  });

  it('does not take the tag of a plain file server for the hash of the content', async () => {
    const made = await hub((_request, response) =>
      response.writeHead(200, { 'content-length': 3, etag: `"${SHA256}"` }).end('abc'),
    );
    expect((await locate(made)).hash).toBeNull();
  });

  it('does not take the length of a compressed body for that of the file', async () => {
    const made = await hub((_request, response) =>
      response
        .writeHead(200, { 'content-length': 3, 'content-encoding': 'gzip', 'x-repo-commit': COMMIT })
        .end('abc'),
    );
    expect((await locate(made)).size).toBeNull();
  });

  it('knows an empty file by its length', async () => {
    const made = await hub((_request, response) =>
      response.writeHead(200, { 'content-length': 0, etag: `"${SHA1}"`, 'x-repo-commit': COMMIT }).end(),
    );
    expect(await locate(made)).toMatchObject({ size: 0, hash: SHA1 });
  });

  it('ignores metadata that makes no sense', async () => {
    const made = await hub((_request, response, { foreignOrigin }) =>
      redirect(response, `${foreignOrigin}/x`, {
        'x-linked-size': '-1',
        'x-linked-etag': '"../x"',
        'x-repo-commit': 'main',
      }),
    );
    expect(await locate(made)).toMatchObject({ size: null, hash: null, commit: null });
  });

  it('names a sign-in page', async () => {
    const made = await hub((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to the hotel'),
    );
    await expect(locate(made)).rejects.toMatchObject({
      code: 'Offline',
      retryable: true,
      details: { captivePortal: true },
    });
  });

  it('accepts a web page that is a file of the repository', async () => {
    const made = await hub((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html', 'content-length': 9, 'x-repo-commit': COMMIT })
        .end(),
    );
    expect((await locate(made)).size).toBe(9);
  });

  it('ends a circle of redirects', async () => {
    const made = await hub((request, response) => redirect(response, request.url ?? ''));
    await expect(locate(made)).rejects.toMatchObject({ code: 'ServerError' });
    expect(made.server.requests).toHaveLength(11);
  });

  it.each(['file:///etc/passwd', 'data:,x'])(
    'does not return %s as the location of a file',
    async (target) => {
      const made = await hub((_request, response) =>
        redirect(response, target, { 'x-linked-etag': `"${SHA1}"` }),
      );
      await expect(locate(made)).rejects.toMatchObject({ code: 'ServerError', retryable: false });
    },
  );

  it.each<[string, number, Record<string, string>, string, string]>([
    [
      'a missing file',
      404,
      { 'x-error-code': 'EntryNotFound', etag: 'W/"f-a"' },
      'NotFound',
      'sub/a file#1.bin',
    ],
    ['a gated repository', 401, { 'x-error-code': 'GatedRepo' }, 'Gated', 'Ask for access'],
    ['a rate limit', 429, { 'retry-after': '4' }, 'RateLimited', '429'],
  ])('explains %s', async (_what, status, headers, code, words) => {
    const made = await hub((_request, response) => response.writeHead(status, headers).end('text'));
    await expect(locate(made)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('does not wait for the end of a redirect’s own page', async () => {
    const made = await hub((request, response) => {
      if (request.method === 'HEAD') return response.writeHead(405).end();
      if (request.url !== RESOLVE) return response.writeHead(200, { 'content-length': 7 }).end('x'.repeat(7));
      response.writeHead(302, { location: '/next', 'content-length': 1000 });
      return response.write('x');
    });
    expect((await locate(made)).size).toBe(7);
  });

  it('gives up on a server that does not answer', async () => {
    const made = await hub(() => {}, { timeoutMs: 100 });
    await expect(locate(made)).rejects.toMatchObject({ code: 'Timeout' });
  });

  it.each([
    [{ ...FILE, path: '../x' }, 'PathUnsafe'],
    [{ ...FILE, commit: 'main' }, 'BadRequest'],
    [{ ...FILE, repo: '../..' }, 'BadRequest'],
  ])('sends nothing for %j', async (file, code) => {
    const made = await hub((_request, response) => response.end());
    await expect(locate(made, file)).rejects.toMatchObject({ code });
    expect(made.server.requests).toEqual([]);
  });
});
