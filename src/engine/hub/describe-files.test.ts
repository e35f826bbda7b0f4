import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type ScriptedHub, scriptedHub } from './scripted-hub.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
const SHA1 = 'b45ef6fec89518d314f546fd6c3025367b721684';
const SHA256 = '248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707';
const NAMES = ['config.json', 'sub/m.bin'];
const FILES = [
  { path: 'config.json', size: 13, hash: SHA1, algorithm: 'git-sha1' },
  { path: 'sub/m.bin', size: 99, hash: SHA256, algorithm: 'sha256' },
];
const ENTRIES = [
  { type: 'file', path: 'config.json', oid: SHA1, size: 13 },
  { type: 'file', path: 'sub/m.bin', oid: SHA1, size: 99, lfs: { oid: SHA256, size: 99, pointerSize: 1 } },
];

const hubs: ScriptedHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const json = (response: ServerResponse, value: unknown) =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end('{}');
const page: Answer = (_, response) =>
  void response.setHeader('content-type', 'text/html').end('<html>Repositories of the company</html>');
const heads: Answer = ({ url }, response) => {
  const isLarge = url?.endsWith('m.bin');
  const headers = isLarge
    ? { 'x-linked-size': '99', 'x-linked-etag': `"${SHA256}"`, location: 'http://storage.invalid/x' }
    : { 'content-length': '13', etag: `"${SHA1}"` };
  response.writeHead(isLarge ? 302 : 200, { 'x-repo-commit': COMMIT, ...headers }).end();
};

/** A repository manager that lists names only; its other routes vary. */
async function manager(
  answers: { tree?: Answer; pathsInfo?: Answer; resolve?: Answer },
  info: unknown = { sha: COMMIT, siblings: NAMES.map((rfilename) => ({ rfilename })) },
): Promise<ScriptedHub> {
  const { tree = status(404), pathsInfo = status(404), resolve = status(404) } = answers;
  const made = await scriptedHub((request, response) => {
    const { url = '' } = request;
    if (url.includes('/tree/')) return tree(request, response);
    if (url.includes('/paths-info/')) return pathsInfo(request, response);
    if (url.includes('/resolve/')) return resolve(request, response);
    return json(response, info);
  });
  hubs.push(made);
  return made;
}

const ask = ({ client }: ScriptedHub) =>
  client.repositoryInfo('org/name', 'main', new AbortController().signal);
const asked = ({ server }: ScriptedHub, part: string) =>
  server.requests.filter(({ path }) => path.includes(part));

const MISSING: ReadonlyArray<[string, Answer]> = [
  ['404', status(404)],
  ['405', status(405)],
  ['403, because reading is all that is allowed', status(403)],
  ['a page of its own', page],
];

describe('a repository manager without a tree of files', () => {
  it.each(MISSING)('is asked about all files at once where its tree answers %s', async (_, tree) => {
    const made = await manager({ tree, pathsInfo: (_request, response) => json(response, ENTRIES) });
    expect((await ask(made)).files).toEqual(FILES);
    expect(asked(made, '/paths-info/')).toMatchObject([
      { method: 'POST', path: `/api/models/org/name/paths-info/${COMMIT}` },
    ]);
    expect(asked(made, '/resolve/')).toEqual([]);
  });

  it.each(MISSING)('and without that route (%s) is asked about each file', async (_, pathsInfo) => {
    const made = await manager({ tree: pathsInfo, pathsInfo, resolve: heads });
    expect((await ask(made)).files).toEqual(FILES);
    expect(asked(made, '/resolve/').map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  it('is asked about the files that it omitted one by one', async () => {
    const pathsInfo: Answer = (_, response) => json(response, [ENTRIES[1]]);
    const made = await manager({ pathsInfo, resolve: heads });
    expect((await ask(made)).files).toEqual(FILES);
    expect(asked(made, '/resolve/').map(({ path }) => path)).toEqual([
      `/org/name/resolve/${COMMIT}/config.json`,
    ]);
  });

  it('is asked only about the files with missing data', async () => {
    const siblings = [{ rfilename: 'config.json', size: 13, blobId: SHA1 }, { rfilename: 'sub/m.bin' }];
    const made = await manager({ resolve: heads }, { sha: COMMIT, siblings });
    expect((await ask(made)).files).toEqual(FILES);
    expect(asked(made, '/resolve/')).toHaveLength(1);
  });

  it('and without checksums cannot be used, and is told which routes are missing', async () => {
    const bare: Answer = (_, response) => void response.writeHead(200, { 'content-length': '13' }).end();
    const made = await manager({ resolve: bare });
    await expect(ask(made)).rejects.toMatchObject({
      code: 'ServerError',
      retryable: false,
      message: expect.stringMatching(/\/tree, \/api\/models\/…\/paths-info, .*ETag/),
    });
  });

  it('that announces more files cannot be used', async () => {
    const made = await scriptedHub((request, response) => {
      if (request.url?.includes('/tree/')) return status(404)(request, response);
      response.setHeader('x-total-count', '2');
      return json(response, { sha: COMMIT, siblings: [{ rfilename: 'a', size: 1, blobId: SHA1 }] });
    });
    hubs.push(made);
    await expect(ask(made)).rejects.toMatchObject({
      code: 'ServerError',
      message: expect.stringContaining('/tree'),
    });
  });

  it('is trusted when it lists a thousand files with sizes', async () => {
    const siblings = Array.from({ length: 1000 }, (_, index) => ({
      rfilename: `part-${index}`,
      size: 1,
      blobId: SHA1,
    }));
    const made = await manager({}, { sha: COMMIT, siblings });
    expect((await ask(made)).files).toHaveLength(1000);
  });

  it.each<[string, Answer, string]>([
    ['has lost the revision meanwhile', status(404, { 'x-error-code': 'RevisionNotFound' }), 'NotFound'],
    ['has trouble of its own', status(503), 'ServerError'],
    ['asks to slow down', status(429), 'RateLimited'],
  ])('is not what a Hub is that %s', async (_, tree, code) => {
    const made = await manager({ tree, resolve: heads });
    await expect(ask(made)).rejects.toMatchObject({ code });
    expect(asked(made, '/resolve/')).toEqual([]);
  });
});
