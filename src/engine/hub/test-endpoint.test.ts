import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { testEndpoint } from './test-endpoint.ts';

const never = new AbortController().signal;
const open: Array<{ server: ScriptedServer; dispatcher: Dispatcher }> = [];
afterEach(async () => {
  for (const { server, dispatcher } of open.splice(0)) {
    await dispatcher.destroy();
    await server.close();
  }
});

async function test(answer: (response: ServerResponse) => void, path = '') {
  const server = await scriptedServer((_request, response) => answer(response));
  const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
  open.push({ server, dispatcher });
  const deps = { dispatcher, clock: Date, userAgent: 'haulyard/test' };
  return { server, result: await testEndpoint(`${server.origin}${path}`, deps, never) };
}

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('testEndpoint', () => {
  it.each([
    ['the Hub, to somebody without a token', 401],
    ['a mirror', 404],
  ])('knows %s by its answer (%i)', async (_name, status) => {
    const { result } = await test(json(status, { error: 'Repository not found' }));
    expect(result).toMatchObject({ ok: true, milliseconds: expect.any(Number) });
    expect(result.message).toContain('is a Hub');
  });

  it('sends no token and asks below the path of the address', async () => {
    const { server } = await test(json(401, { error: 'x' }), '/hub/');
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.path).toMatch(/^\/hub\/api\/models\//);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('names a web page as such, whatever its status', async () => {
    for (const status of [200, 404, 511]) {
      const { result } = await test((response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'),
      );
      expect(result.ok).toBe(false);
      expect(result.message).toContain('web page');
    }
  });

  it.each([
    [200, 'Hello'],
    [404, 'Not found'],
    [200, '[]'],
  ])('does not take a server that answers %i %s for a Hub', async (status, body) => {
    const { result } = await test((response) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end(body),
    );
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringContaining('not like a Hugging Face Hub'),
    });
  });

  it('says so when nobody answers', async () => {
    const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
    const deps = { dispatcher, clock: Date, userAgent: 'haulyard/test' };
    const result = await testEndpoint('http://127.0.0.1:1', deps, never);
    await dispatcher.destroy();
    expect(result).toMatchObject({ ok: false, milliseconds: null });
    expect(result.message).toContain('refused the connection');
  });

  it('explains what is wrong with an invalid URL', async () => {
    const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
    const deps = { dispatcher, clock: Date, userAgent: 'haulyard/test' };
    const result = await testEndpoint('huggingface.co', deps, never);
    await dispatcher.destroy();
    expect(result).toMatchObject({ ok: false, milliseconds: null });
    expect(result.message).toContain('https://huggingface.co');
  });
});
