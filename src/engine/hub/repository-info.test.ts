import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { HubClientOptions } from './hub-client.ts';
import { type ScriptedHub, scriptedHub } from './scripted-hub.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
const SHA1 = 'b45ef6fec89518d314f546fd6c3025367b721684';
const SHA256 = '248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707';
const SMALL = { rfilename: 'config.json', size: 13, blobId: SHA1 };
const LARGE = {
  rfilename: 'sub/model.bin',
  size: 99,
  blobId: SHA1,
  lfs: { sha256: SHA256, size: 99, pointerSize: 130 },
};
const MODEL = {
  lastModified: '2026-01-02T03:04:05Z',
  id: 'org/name',
  sha: COMMIT,
  gated: false,
  disabled: false,
  siblings: [SMALL, LARGE],
};

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

const json = (response: ServerResponse, value: unknown) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
const never = new AbortController().signal;
const ask = ({ client }: ScriptedHub, revision = 'main', signal = never) =>
  client.repositoryInfo('org/name', revision, signal);

/** Returns the error of a request to a Hub that responds like this. */
async function failure(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<HubClientOptions> = {},
  revision = 'main',
): Promise<AppError> {
  const error = await ask(await hub(answer, options), revision).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('repositoryInfo', () => {
  it('gives the commit and the files with the hash of their content', async () => {
    const made = await hub((_request, response) => json(response, MODEL));
    expect(await ask(made)).toEqual({
      repo: 'org/name',
      commit: COMMIT,
      gated: false,
      isPublic: true,
      updatedAt: '2026-01-02T03:04:05.000Z',
      files: [
        { path: 'config.json', size: 13, hash: SHA1, algorithm: 'git-sha1' },
        { path: 'sub/model.bin', size: 99, hash: SHA256, algorithm: 'sha256' },
      ],
    });
  });

  it('escapes the revision and names itself', async () => {
    const made = await hub((_request, response) => json(response, MODEL));
    await ask(made, 'refs/pr/1');
    expect(made.server.requests[0]?.path).toBe('/api/models/org/name/revision/refs%2Fpr%2F1?blobs=true');
    expect(made.server.requests[0]?.headers['user-agent']).toBe('haulyard/test');
  });

  it('reads a compressed answer', async () => {
    const made = await hub((_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(JSON.stringify(MODEL))),
    );
    expect((await ask(made)).commit).toBe(COMMIT);
  });

  it('reports that a repository is gated', async () => {
    const made = await hub((_request, response) => json(response, { ...MODEL, gated: 'manual' }));
    expect((await ask(made)).gated).toBe(true);
  });

  it.each([
    ['without a token, no word of it', null, {}, true],
    ['without a token, gated', null, { gated: 'auto' }, false],
    ['with a token, public', 'hf_secret', { private: false }, true],
    ['with a token, private', 'hf_secret', { private: true }, false],
    ['with a token, gated', 'hf_secret', { private: false, gated: 'auto' }, false],
    ['with a token, no word of it', 'hf_secret', {}, false],
    ['with a token, an odd word of it', 'hf_secret', { private: 0 }, false],
    ['with a token, no word of a gate', 'hf_secret', { private: false, gated: undefined }, false],
  ])('tells whether anybody may read it: %s', async (_, token, facts, isPublic) => {
    const options = { token: () => token };
    const made = await hub((_request, response) => json(response, { ...MODEL, ...facts }), options);
    expect(await ask(made)).toMatchObject({ isPublic });
  });

  it('follows a renamed repository and keeps the requested name', async () => {
    const made = await hub((request, response) => {
      if (request.url?.startsWith('/api/models/org/name/')) {
        response.writeHead(307, { location: request.url.replace('org/name', 'other/New') }).end();
      } else json(response, MODEL);
    });
    expect((await ask(made)).repo).toBe('org/name');
    expect(made.server.requests[1]?.path).toBe('/api/models/other/New/revision/main?blobs=true');
  });

  it('sends the token to the Hub and to no other host', async () => {
    const made = await hub(
      (request, response, { foreignOrigin }) => {
        if (request.headers.host?.startsWith('127.')) {
          response.writeHead(302, { location: `${foreignOrigin}/elsewhere` }).end();
        } else json(response, MODEL);
      },
      { token: () => 'hf_secret' },
    );
    await ask(made);
    expect(made.server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer hf_secret',
      undefined,
    ]);
  });

  it('ends a circle of redirects', async () => {
    const made = await hub((request, response) => response.writeHead(302, { location: request.url }).end());
    await expect(ask(made)).rejects.toMatchObject({ code: 'ServerError' });
    expect(made.server.requests).toHaveLength(11);
  });

  it('does not follow a redirect to a file', async () => {
    const error = await failure((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    expect(error).toMatchObject({ code: 'ServerError', retryable: false });
  });

  it('accepts the requested commit and no other', async () => {
    const made = await hub((_request, response) => json(response, MODEL));
    expect((await ask(made, COMMIT.toUpperCase())).commit).toBe(COMMIT);
    await expect(ask(made, SHA1)).rejects.toMatchObject({ code: 'ChangedUpstream' });
  });

  it.each([
    ['no object', '[]'],
    ['nothing', ''],
    ['half of it', JSON.stringify(MODEL).slice(0, -9)],
    ['no commit', '{"id":"org/name","siblings":[]}'],
    ['a commit that is none', JSON.stringify({ ...MODEL, sha: 'main' })],
    ['a negative size', JSON.stringify({ ...MODEL, siblings: [{ ...SMALL, size: -1 }] })],
    ['half a byte', JSON.stringify({ ...MODEL, siblings: [{ ...SMALL, size: 1.5 }] })],
    ['a size that is text', JSON.stringify({ ...MODEL, siblings: [{ ...SMALL, size: '13' }] })],
    ['a hash that is none', JSON.stringify({ ...MODEL, siblings: [{ ...SMALL, blobId: '../../x' }] })],
    [
      'a short SHA-256',
      JSON.stringify({ ...MODEL, siblings: [{ ...LARGE, lfs: { sha256: SHA1, size: 1 } }] }),
    ],
  ])('says that it is no Hub when it answers with %s', async (_what, body) => {
    const error = await failure((_request, response) => response.end(body));
    expect(error).toMatchObject({ code: 'BadRequest', retryable: true });
    expect(error.message).toContain('didn’t answer like Hugging Face');
  });

  it('thinks of a sign-in page when it is sent a web page', async () => {
    const error = await failure((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<html>Welcome to the hotel'),
    );
    expect(error).toMatchObject({ code: 'BadRequest', retryable: true, details: { captivePortal: true } });
    expect(error.message).toContain('sign in first');
  });

  it('returns names as they are: they are judged when they are chosen', async () => {
    const made = await hub((_request, response) =>
      json(response, { ...MODEL, siblings: [{ ...SMALL, rfilename: '../../.bashrc' }, SMALL] }),
    );
    expect((await ask(made)).files.map(({ path }) => path)).toEqual(['../../.bashrc', SMALL.rfilename]);
  });

  it('refuses a disabled repository', async () => {
    const error = await failure((_request, response) => json(response, { ...MODEL, disabled: true }));
    expect(error).toMatchObject({ code: 'NotFound', message: expect.stringContaining('disabled') });
  });

  it('breaks off an answer without an end', async () => {
    const error = await failure((_request, response) => endless(response, 200));
    expect(error).toMatchObject({ code: 'ServerError', retryable: false });
  }, 60_000);

  it('reads no more than the beginning of an error page without an end', async () => {
    const error = await failure((_request, response) => endless(response, 500));
    expect(error).toMatchObject({ code: 'ServerError', details: { status: 500 } });
  });

  it('obeys a rate limit even when its page is HTML', async () => {
    const error = await failure((_request, response) =>
      response
        .writeHead(429, { ratelimit: '"api";r=0;t=21', 'content-type': 'text/html' })
        .end('<html>Too many requests'),
    );
    expect(error).toMatchObject({ code: 'RateLimited', retryAfterMs: 21_000, retryable: true });
  });

  it.each<[string, number, Record<string, string>, string | null, string, string]>([
    [
      'a missing or private repository, anonymously',
      401,
      { 'x-error-message': 'Invalid username or password.' },
      null,
      'NotFound',
      'Check the spelling.',
    ],
    [
      'a missing repository, with a token',
      404,
      { 'x-error-code': 'RepoNotFound' },
      'hf_a',
      'NotFound',
      'your token may read it',
    ],
    ['a missing revision', 404, { 'x-error-code': 'RevisionNotFound' }, null, 'NotFound', '"main"'],
    [
      'a gated repository, anonymously',
      401,
      { 'x-error-code': 'GatedRepo' },
      null,
      'Gated',
      'Ask for access on',
    ],
    [
      'a gated repository, without access',
      403,
      { 'x-error-code': 'GatedRepo' },
      'hf_a',
      'Gated',
      'has no access',
    ],
    [
      'a token that is not valid',
      401,
      { 'x-error-message': 'Invalid credentials in Authorization header' },
      'hf_a',
      'AuthRequired',
      'rejected your token',
    ],
    [
      'a repository that was disabled',
      403,
      { 'x-error-message': 'Access to this resource is disabled.' },
      null,
      'NotFound',
      'disabled',
    ],
    ['a failing Hub', 503, {}, null, 'ServerError', '503'],
  ])('explains %s', async (_what, status, headers, token, code, words) => {
    const error = await failure((_request, response) => response.writeHead(status, headers).end('{}'), {
      token: () => token,
    });
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('gives up on a server that does not answer', async () => {
    const error = await failure(() => {}, { timeoutMs: 50 });
    expect(error).toMatchObject({ code: 'Timeout', retryable: true });
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    const made = await hub(() => controller.abort());
    await expect(ask(made, 'main', controller.signal)).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('names the host that cannot be reached', async () => {
    const made = await hub(() => {});
    await made.server.close();
    await expect(ask(made)).rejects.toMatchObject({
      code: 'Offline',
      details: { host: new URL(made.server.origin).host },
    });
  });
});

/** Sends for as long as anybody reads. */
function endless(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  const part = Buffer.alloc(1 << 20, 'x');
  const more = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on('drain', more);
  more();
}
