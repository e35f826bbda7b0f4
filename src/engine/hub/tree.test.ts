import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type ScriptedHub, scriptedHub } from './scripted-hub.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
const SHA1 = 'b45ef6fec89518d314f546fd6c3025367b721684';
const SHA256 = '248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707';

const hubs: ScriptedHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

async function hub(answer: Parameters<typeof scriptedHub>[0]): Promise<ScriptedHub> {
  const made = await scriptedHub(answer);
  hubs.push(made);
  return made;
}

const json = (response: ServerResponse, value: unknown) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
const ask = ({ client }: ScriptedHub) =>
  client.repositoryInfo('org/name', 'main', new AbortController().signal);

describe('repositoryInfo from a mirror without sizes', () => {
  const bare = { sha: COMMIT, siblings: [{ rfilename: 'config.json' }] };
  const file = { type: 'file', path: 'config.json', oid: SHA1, size: 13 };
  const lfs = {
    type: 'file',
    path: 'sub/m.bin',
    oid: SHA1,
    size: 99,
    lfs: { oid: SHA256, size: 99, pointerSize: 1 },
  };

  function mirror(links: (page: string | null, origins: { foreignOrigin: string }) => string | undefined) {
    return hub((request, response, origins) => {
      const url = new URL(request.url ?? '', origins.origin);
      if (!url.pathname.includes('/tree/')) return json(response, bare);
      const page = url.searchParams.get('cursor');
      const link = links(page, origins);
      if (link !== undefined) response.setHeader('link', `<${link}>; rel="next"`);
      return json(
        response,
        page === null ? [file, { type: 'directory', path: 'sub', oid: SHA1, size: 0 }] : [lfs],
      );
    });
  }

  it('reads the tree of the commit, page by page', async () => {
    const made = await mirror((page) => (page === null ? '?recursive=true&cursor=b' : undefined));
    expect((await ask(made)).files.map(({ path, hash }) => [path, hash])).toEqual([
      ['config.json', SHA1],
      ['sub/m.bin', SHA256],
    ]);
    expect(made.server.requests[1]?.path).toBe(
      `/api/models/org/name/tree/${COMMIT}?recursive=true&expand=false`,
    );
  });

  it('stays on its host when a page points to another one', async () => {
    const made = await mirror((page, { foreignOrigin }) =>
      page === null ? `${foreignOrigin}/x/tree/y?cursor=b` : undefined,
    );
    expect((await ask(made)).files).toHaveLength(2);
    expect(new Set(made.server.requests.map(({ headers }) => headers.host))).toEqual(
      new Set([new URL(made.server.origin).host]),
    );
  });

  it('ends a list that comes back to a page it has given', async () => {
    const made = await mirror(() => '?cursor=b');
    await expect(ask(made)).rejects.toMatchObject({ code: 'ServerError', retryable: false });
    expect(made.server.requests.length).toBeLessThan(5);
  });

  it('is resolved from its tree when it lists no files at all', async () => {
    const made = await hub((request, response) =>
      json(response, request.url?.includes('/tree/') ? [file] : { sha: COMMIT }),
    );
    expect((await ask(made)).files).toHaveLength(1);
  });

  it('is not believed when its list may have been cut', async () => {
    const entry = (index: number) => ({ ...file, path: `part-${index}` });
    const all = Array.from({ length: 1202 }, (_, index) => entry(index));
    const siblings = all
      .slice(0, 1000)
      .map(({ path }) => ({ rfilename: path, size: 1, blobId: 'a'.repeat(40) }));
    const made = await hub((request, response) => {
      if (!request.url?.includes('/tree/')) return json(response, { sha: COMMIT, siblings });
      if (request.url.includes('cursor')) return json(response, all.slice(999));
      response.setHeader('link', `<${request.url}&cursor=b>; rel="next"`);
      return json(response, all.slice(0, 1000));
    });
    expect((await ask(made)).files).toHaveLength(1202);
  });

  it.each([
    ['says that there are more', { 'x-total-count': '2' }],
    ['names another page', { link: '<?page=2>; rel="next"' }],
  ])('is not believed when its answer %s', async (_, headers) => {
    const siblings = [{ rfilename: 'a', size: 1, blobId: 'a'.repeat(40) }];
    const made = await hub((request, response) => {
      if (request.url?.includes('/tree/')) return json(response, [file, { ...file, path: 'other' }]);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      return json(response, { sha: COMMIT, siblings });
    });
    expect((await ask(made)).files).toHaveLength(2);
  });

  it('is resolved from its tree when its list is empty, and may be empty itself', async () => {
    let tree: unknown[] = [file];
    const made = await hub((request, response) =>
      json(response, request.url?.includes('/tree/') ? tree : { sha: COMMIT, siblings: [] }),
    );
    expect((await ask(made)).files).toHaveLength(1);
    tree = [];
    expect((await ask(made)).files).toEqual([]);
  });

  it('may give an entry on two pages; two contents of one name are left to who chooses it', async () => {
    let second = file;
    const made = await hub((request, response) => {
      if (!request.url?.includes('/tree/')) return json(response, bare);
      if (request.url.includes('cursor')) return json(response, [second]);
      response.setHeader('link', `<${request.url}&cursor=b>; rel="next"`);
      return json(response, [file]);
    });
    expect((await ask(made)).files).toHaveLength(1);
    second = { ...file, oid: 'b'.repeat(40) };
    expect((await ask(made)).files).toHaveLength(2);
  });

  it('is asked for its tree when names of weights say that there are more', async () => {
    const shard = (part: number) => ({ ...file, path: `model-0000${part}-of-00003.safetensors` });
    const listed = [1, 2].map((part) => ({ rfilename: shard(part).path, size: 13, blobId: SHA1 }));
    const made = await hub((request, response) =>
      request.url?.includes('/tree/')
        ? json(response, [shard(1), shard(2), shard(3)])
        : json(response, { sha: COMMIT, siblings: listed }),
    );
    expect((await ask(made)).files).toHaveLength(3);
  });

  it('cannot be used when its tree has no hashes either', async () => {
    const made = await hub((request, response) =>
      json(response, request.url?.includes('/tree/') ? [{ ...file, oid: undefined }] : bare),
    );
    await expect(ask(made)).rejects.toMatchObject({ code: 'ServerError', retryable: false });
  });
});
