import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { accountName } from './account.ts';
import { parseEndpoint } from './endpoint.ts';

const never = new AbortController().signal;
const open: Array<{ server: ScriptedServer; dispatcher: Dispatcher }> = [];
afterEach(async () => {
  for (const { server, dispatcher } of open.splice(0)) {
    await dispatcher.destroy();
    await server.close();
  }
});

async function ask(answer: (response: ServerResponse) => void) {
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
  return { server, name: accountName(session, never) };
}

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('accountName', () => {
  it('is what the Hub calls the owner of the token', async () => {
    const { server, name } = await ask(json(200, { type: 'user', name: 'ada', orgs: [] }));
    expect(await name).toBe('ada');
    expect(server.requests).toMatchObject([{ path: '/api/whoami-v2' }]);
  });

  it('fails with AuthRequired for a token that is rejected', async () => {
    const { name } = await ask(json(401, { error: 'Invalid credentials in Authorization header' }));
    await expect(name).rejects.toMatchObject({
      code: 'AuthRequired',
      message: expect.stringContaining('rejected your token'),
    });
  });

  it.each([
    ['a mirror without accounts', 404, { error: 'Not found' }],
    ['a Hub in trouble', 503, {}],
    ['an answer without a name', 200, { type: 'user' }],
  ])('fails with another code for %s', async (_what, status, body) => {
    const { name } = await ask(json(status, body));
    await expect(name).rejects.toMatchObject({ code: expect.not.stringMatching(/^AuthRequired$/) });
  });
});
