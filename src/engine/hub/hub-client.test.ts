import { afterEach, describe, expect, it } from 'vitest';
import type { HubClientOptions } from './hub-client.ts';
import { type ScriptedHub, scriptedHub } from './scripted-hub.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
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
const token = (text: string | null) => hub(() => {}, { token: () => text });

describe('authorizationFor', () => {
  it('gives the token to the Hub’s own origin only', async () => {
    const { client, server } = await token('hf_a');
    expect(client.authorizationFor(`${server.origin}/x`)).toBe('Bearer hf_a');
    expect(client.authorizationFor(`${server.foreignOrigin}/x`)).toBeUndefined();
    expect(client.authorizationFor(`${server.origin.replace('http:', 'https:')}/x`)).toBeUndefined();
    expect(client.authorizationFor('http://127.0.0.1:1/x')).toBeUndefined();
  });

  it.each([null, '', ' \n'])('gives nothing for the token %j', async (text) => {
    const { client, server } = await token(text);
    expect(client.authorizationFor(server.origin)).toBeUndefined();
  });

  it('drops the line feed of a token file', async () => {
    const { client, server } = await token('hf_a\n');
    expect(client.authorizationFor(server.origin)).toBe('Bearer hf_a');
  });

  it('refuses a token that would smuggle a header in, without repeating it', async () => {
    const { client, server } = await token('hf_a\r\nX-Evil: 1');
    const give = () => client.authorizationFor(server.origin);
    expect(give).toThrow(expect.objectContaining({ code: 'AuthRequired' }));
    expect(give).toThrow(/^(?!.*hf_a)/);
  });
});

describe('a client that is offline by HF_HUB_OFFLINE', () => {
  it('sends nothing and reports why', async () => {
    const { client, server } = await hub((_request, response) => response.end('{}'), { offline: true });
    const offline = { code: 'Offline', retryable: false, message: expect.stringContaining('HF_HUB_OFFLINE') };
    await expect(client.repositoryInfo('org/name', 'main', never)).rejects.toMatchObject(offline);
    await expect(client.locate({ repo: 'org/name', commit: COMMIT, path: 'a' }, never)).rejects.toMatchObject(
      offline,
    );
    expect(await client.ping(never)).toEqual({ ok: false, message: offline.message });
    expect(server.requests).toEqual([]);
  });
});

describe('repositoryInfo', () => {
  it.each([
    ['org', 'main'],
    ['../etc/x', 'main'],
    ['org/name', ''],
    ['org/name', '..'],
    ['org/name', 'a b'],
    ['org/name', 'a\nb'],
    ['org/name', '\ud800'],
  ])('sends nothing for %j at %j', async (repo, revision) => {
    const { client, server } = await hub((_request, response) => response.end('{}'));
    await expect(client.repositoryInfo(repo, revision, never)).rejects.toMatchObject({ code: 'BadRequest' });
    expect(server.requests).toEqual([]);
  });
});

describe('ping', () => {
  it.each<[string, number, Record<string, string>, string | null, boolean, string]>([
    ['a list of models', 200, { 'content-type': 'application/json' }, null, true, 'answered in'],
    ['a missing list', 404, {}, null, true, 'answered in'],
    ['a web page', 200, { 'content-type': 'text/html' }, null, false, 'sign in first'],
    ['a wrong token', 401, {}, 'hf_a', false, 'token'],
    ['an error of its own', 503, {}, null, false, '503'],
  ])('judges %s', async (_what, status, headers, text, ok, words) => {
    const { client } = await hub((_request, response) => response.writeHead(status, headers).end('[]'), {
      token: () => text,
    });
    expect(await client.ping(never)).toEqual({ ok, message: expect.stringContaining(words) });
  });

  it('reports that the Hub cannot be reached', async () => {
    const made = await hub(() => {});
    await made.server.close();
    expect(await made.client.ping(never)).toMatchObject({
      ok: false,
      message: expect.stringContaining('refused the connection'),
    });
  });

  it('stops when aborted', async () => {
    const controller = new AbortController();
    const { client } = await hub(() => controller.abort());
    await expect(client.ping(controller.signal)).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
