import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { parseEndpoint } from './endpoint.ts';
import { xetToken } from './xet-token.ts';

const never = new AbortController().signal;
const FILE = { repo: 'org/name', commit: 'c'.repeat(40), path: 'model.bin' };
const PATH = `/api/models/${FILE.repo}/xet-read-token/${FILE.commit}`;
const TOKEN = { accessToken: 'xet_abc', exp: 1_700_000_000, casUrl: 'https://cas.example/' };
const open: Array<{ server: ScriptedServer; dispatcher: Dispatcher }> = [];
afterEach(async () => {
  for (const { server, dispatcher } of open.splice(0)) {
    await dispatcher.destroy();
    await server.close();
  }
});

async function ask(answer: (response: ServerResponse) => void, where = PATH, signal = never) {
  const server = await scriptedServer((_request, response) => answer(response));
  const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
  open.push({ server, dispatcher });
  const session = {
    endpoint: parseEndpoint(server.origin),
    dispatcher,
    clock: Date,
    userAgent: 'haulyard/test',
    timeoutMs: 5000,
    authorizationFor: (url: string) => (url.startsWith(server.origin) ? 'Bearer hf_x' : undefined),
  };
  const url = where.startsWith('/') ? `${server.origin}${where}` : where;
  return { server, token: xetToken(session, url, FILE, signal) };
}

const json =
  (status: number, body: unknown, headers = {}) =>
  (response: ServerResponse) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));

describe('xetToken', () => {
  it("has the token, its end in milliseconds and the storage's origin, and tells the Hub who asks", async () => {
    const { server, token } = await ask(json(200, { ...TOKEN, more: 1 }));
    expect(await token).toEqual({
      accessToken: 'xet_abc',
      expiresAtMs: 1_700_000_000_000,
      casUrl: 'https://cas.example',
    });
    expect(server.requests).toMatchObject([{ path: PATH, headers: { authorization: 'Bearer hf_x' } }]);
  });

  it.each([
    ['no token', { ...TOKEN, accessToken: '' }],
    ['a token that would break a header', { ...TOKEN, accessToken: 'a\r\nx: y' }],
    ['a token that is no text', { ...TOKEN, accessToken: 5 }],
    ['an end that is no number', { ...TOKEN, exp: 'soon' }],
    ['no storage', { ...TOKEN, casUrl: undefined }],
    ['storage that is a file', { ...TOKEN, casUrl: 'file:///etc/passwd' }],
    ['an answer that is no object', []],
  ])('takes %s for no token', async (_what, body) => {
    const { token } = await ask(json(200, body));
    await expect(token).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it('takes a page for no token', async () => {
    const { token } = await ask((response) => void response.end('<html>'));
    await expect(token).rejects.toMatchObject({ code: 'BadRequest' });
  });

  it.each([
    [401, 'AuthRequired'],
    [404, 'NotFound'],
    [429, 'RateLimited'],
    [500, 'ServerError'],
  ])('fails after %i as other questions to the Hub do', async (status, code) => {
    const { token } = await ask(json(status, { error: 'no' }));
    await expect(token).rejects.toMatchObject({ code });
  });

  it('asks nobody but the Hub, to whom the account is no secret', async () => {
    const { server, token } = await ask(json(200, TOKEN), 'https://elsewhere.example/token');
    await expect(token).rejects.toMatchObject({ code: 'BadRequest' });
    expect(server.requests).toEqual([]);
  });

  it('ends with the reason of its signal', async () => {
    const leaving = new AbortController();
    const { token } = await ask(() => leaving.abort(new Error('paused')), PATH, leaving.signal);
    await expect(token).rejects.toThrow('paused');
  });
});
