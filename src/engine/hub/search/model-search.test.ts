import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { searchSchema } from '../../../shared/contract/search-commands.ts';
import { createDispatcher } from '../../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../../http/scripted-server.ts';
import { parseEndpoint } from '../endpoint.ts';
import { createModelSearch, type ModelSearch } from './model-search.ts';

const NEVER = new AbortController().signal;
const closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse, server: ScriptedServer) => void;

async function searching(answer: Answer, offline = false) {
  const clock = { ms: Date.parse('2026-12-01T12:00:00Z'), now: () => clock.ms };
  const server: ScriptedServer = await scriptedServer((request, response) =>
    answer(request, response, server),
  );
  const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
  const search = createModelSearch({
    endpoint: parseEndpoint(server.origin),
    token: () => 'hf_secret',
    dispatcher,
    clock,
    offline,
    userAgent: 'haulyard/test',
    listingWorkerUrl: new URL('../listing-worker.ts', import.meta.url),
  });
  closing.push(async () => {
    await dispatcher.destroy();
    await server.close();
  });
  return { search, server, clock };
}

const query = (words: string, more = {}) => searchSchema.parse({ words, ...more });
const page =
  (models: unknown, headers = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(models));
  };
const found = async (search: ModelSearch, words = 'llama', more = {}) =>
  search.search(query(words, more), NEVER);

describe('a page of models', () => {
  it('is asked for as list_models of huggingface_hub does, with the token, at the Hub alone', async () => {
    const { search, server } = await searching(page([]));
    await found(search, ' llama   1b ', {
      filters: ['gguf', 'license:mit'],
      author: 'org',
      sort: 'modified',
      limit: 7,
    });
    expect(server.requests).toMatchObject([{ headers: { authorization: 'Bearer hf_secret' } }]);
    const url = new URL(server.requests[0]!.path, server.origin);
    expect(url.pathname).toBe('/api/models');
    expect([...url.searchParams].filter(([name]) => name !== 'expand')).toEqual([
      ['filter', 'gguf'],
      ['filter', 'license:mit'],
      ['author', 'org'],
      ['search', 'llama 1b'],
      ['sort', 'lastModified'],
      ['limit', '7'],
    ]);
  });

  it('keeps known values and nothing else', async () => {
    const { search } = await searching(
      page([
        {
          id: 'org/a',
          downloads: 12,
          likes: '3',
          lastModified: '2026-01-02T03:04:05.000Z',
          pipeline_tag: 'text-generation',
          gated: true,
          tags: ['gguf', 'license:mit', 'base_model:quantized:org/base'],
          safetensors: { parameters: { BF16: 100, F32: -1, constructor: 4 }, total: 100 },
          gguf: { total: 1e30, architecture: 'llama', context_length: 131072 },
        },
        { modelId: 'org/b' },
      ]),
    );
    const { models } = await found(search);
    expect(models[0]).toEqual({
      repo: 'org/a',
      downloads: 12,
      likes: null,
      updatedAt: '2026-01-02T03:04:05.000Z',
      task: 'text-generation',
      library: null,
      license: 'mit',
      gated: 'manual',
      tags: ['gguf', 'license:mit', 'base_model:quantized:org/base'],
      dtypes: [
        ['BF16', 100],
        ['constructor', 4],
      ],
      safetensorsParameters: null,
      gguf: { parameters: null, architecture: 'llama', contextLength: 131072 },
      baseModel: { id: 'org/base', relation: 'quantized' },
    });
    expect(models[1]).toMatchObject({ repo: 'org/b', downloads: null, gated: false, dtypes: null });
  });

  it('knows models by the single names of older servers, and weights by their number alone', async () => {
    const { search } = await searching(
      page([{ modelId: 'gpt2', safetensors: { total: 137_022_720 } }, { id: 'nobody' }]),
    );
    const { models } = await found(search, 'gpt2');
    expect(models).toMatchObject([
      { repo: 'openai-community/gpt2', dtypes: null, safetensorsParameters: 137_022_720 },
    ]);
  });

  it('leaves out entries that no repository can have, and nothing of them comes through', async () => {
    const { search } = await searching(
      page([
        null,
        7,
        [],
        'org/text',
        {},
        { id: 'a/'.padEnd(10_000, 'x') },
        { id: '../../etc/passwd' },
        { id: 'org/\u202egnp.exe' },
        { id: '<img src=x onerror=alert(1)>/b' },
        {
          id: 'org/good',
          pipeline_tag: '<b>bold</b>',
          library_name: '\u202e',
          tags: ['<script>', 'x'.repeat(9999), 3],
        },
      ]),
    );
    const { models } = await found(search);
    expect(models).toMatchObject([{ repo: 'org/good', task: null, library: null, tags: [] }]);
    expect(JSON.stringify(models)).not.toMatch(/[<>\u202e]|xxx/);
  });

  it.each<[string, string, string]>([
    ['no list', '{"models": []}', 'BadRequest'],
    ['a list of nothing that is a model', '[1, 2, 3]', 'BadRequest'],
    ['no JSON', 'hello', 'BadRequest'],
    ['a deep text', '['.repeat(100_000), 'ServerError'],
    ['one endless entry', `[{"id": "org/a", "x": "${'x'.repeat(600_000)}"}]`, 'ServerError'],
    ['three thousand entries', `[${Array(3000).fill('{"id":"org/a"}').join()}]`, 'ServerError'],
    ['millions of values', `[{"id":"org/a","tags":[${Array(300_000).fill('[]').join()}]}]`, 'ServerError'],
  ])('says in one sentence what is wrong with %s', async (_what, text, code) => {
    const { search } = await searching(
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text),
    );
    await expect(found(search)).rejects.toMatchObject({ code });
  });

  it('of a long page is read in a thread of its own', async () => {
    const models = Array.from({ length: 900 }, (_, n) => ({
      id: `org/m${n}`,
      gguf: { total: n, chat_template: 'x'.repeat(500) },
    }));
    const { search } = await searching(page(models));
    expect((await found(search)).models).toHaveLength(900);
  });

  it('is requested again without expand when the server does not support all of its names', async () => {
    const { search, server } = await searching((request, response) => {
      if (/expand=/.test(request.url ?? ''))
        response.writeHead(400).end('{"error": "expand must be one of"}');
      else response.writeHead(200).end('[{"id": "org/a"}]');
    });
    expect((await found(search)).models).toHaveLength(1);
    expect(server.requests.at(-1)?.path).toContain('full=true');
  });
});

describe('the next page', () => {
  it('is requested from the same host and path, whatever the link contains', async () => {
    const { search, server } = await searching((request, response, { foreignOrigin }) => {
      const isNext = /cursor=/.test(request.url ?? '');
      const link = `<${foreignOrigin}/elsewhere?cursor=c2&search=llama>; rel="next"`;
      page([{ id: isNext ? 'org/b' : 'org/a' }], isNext ? {} : { link })(request, response, server);
    });
    const { cursor } = await found(search);
    expect(cursor).not.toBeNull();
    const next = await found(search, 'llama', { cursor });
    expect(next).toMatchObject({ models: [{ repo: 'org/b' }], cursor: null });
    expect(server.requests.at(-1)).toMatchObject({
      path: '/api/models?cursor=c2&search=llama',
      headers: { host: new URL(server.origin).host },
    });
  });

  it('that is this page again is none', async () => {
    const { search } = await searching((request, response, server) =>
      page([{ id: 'org/a' }], { link: `<${server.origin}${request.url}>; rel="next"` })(
        request,
        response,
        server,
      ),
    );
    expect((await found(search)).cursor).toBeNull();
  });
});

describe('type-ahead', () => {
  it('asks nothing twice within minutes', async () => {
    const { search, server, clock } = await searching(page([{ id: 'org/a' }]));
    await found(search);
    await found(search, 'llama');
    expect(server.requests).toHaveLength(1);
    clock.ms += 6 * 60_000;
    await found(search);
    expect(server.requests).toHaveLength(2);
  });

  it('ends the search before it, and no other one does', async () => {
    const { search } = await searching((request, response, server) => {
      if (/search=slow/.test(request.url ?? '')) return;
      page([{ id: 'org/a' }])(request, response, server);
    });
    const slow = found(search, 'slow', { typing: true });
    slow.catch(() => {});
    await found(search, 'other');
    await found(search, 'fast', { typing: true });
    await expect(slow).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('sends nothing for as long as the Hub requests, and reports how long', async () => {
    let limited = true;
    const { search, server, clock } = await searching((request, response, scripted) => {
      if (limited) response.writeHead(429, { 'retry-after': '40' }).end('<html>slow down</html>');
      else page([{ id: 'org/a' }])(request, response, scripted);
    });
    const error = {
      code: 'RateLimited',
      message: expect.stringContaining('Try again in 40 s'),
      details: { retryAfterSeconds: 40 },
    };
    await expect(found(search)).rejects.toMatchObject(error);
    clock.ms += 30_000;
    limited = false;
    await expect(found(search, 'other')).rejects.toMatchObject({ details: { retryAfterSeconds: 10 } });
    expect(server.requests).toHaveLength(1);
    clock.ms += 10_000;
    expect((await found(search, 'other')).models).toHaveLength(1);
  });

  it('sends nothing when it may not', async () => {
    const { search, server } = await searching(page([]), true);
    await expect(found(search)).rejects.toMatchObject({ code: 'Offline' });
    expect(server.requests).toEqual([]);
  });
});

describe('a mirror without search', () => {
  it.each<[number, string, RegExp]>([
    [404, 'NotFound', /offers no search/],
    [401, 'AuthRequired', /token/],
  ])('that answers %s is told as such', async (status, code, message) => {
    const { search } = await searching((_request, response) => void response.writeHead(status).end());
    await expect(found(search)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('a card', () => {
  const card = async (text: string | Buffer, status = 200, headers = {}) => {
    const { search } = await searching(
      (_request, response) => void response.writeHead(status, headers).end(text),
    );
    return search.card('org/a', 'main', NEVER);
  };

  it('is the README without its front matter', async () => {
    const { readme, shortened } = await card('---\nlicense: mit\n---\n\n# Title\n\n---\n\nText');
    expect(readme).toBe('# Title\n\n---\n\nText');
    expect(shortened).toBe(false);
  });

  it('of 20 MB is cut', async () => {
    const { readme, shortened } = await card('# x\n'.repeat(5_000_000));
    expect(readme?.length).toBe(200_000);
    expect(shortened).toBe(true);
  });

  it('that does not exist is none, and a closed one is reported', async () => {
    const missing = { 'x-error-code': 'EntryNotFound' };
    expect(await card('Entry not found', 404, missing)).toEqual({
      readme: null,
      shortened: false,
      problem: null,
    });
    const gated = await card('', 401, { 'x-error-code': 'GatedRepo', 'x-error-message': 'Please log in.' });
    expect(gated).toMatchObject({ readme: null, problem: expect.stringContaining('access') });
  });

  it('comes through resolve where there is no other way', async () => {
    const { search, server } = await searching((request, response) => {
      if (request.url?.includes('/raw/')) response.writeHead(404).end('no such route');
      else response.writeHead(200).end('# Title');
    });
    expect((await search.card('org/a', 'refs/pr/1', NEVER)).readme).toBe('# Title');
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/org/a/raw/refs%2Fpr%2F1/README.md',
      '/org/a/resolve/refs%2Fpr%2F1/README.md',
    ]);
  });
});
