import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ODD_NAMES } from '../fixtures/odd.ts';
import { type Hub, startHub } from '../hub.ts';
import { ask } from '../testing/ask.ts';
import { SAMPLE, WEIGHTS_BYTES } from '../testing/sample.ts';

const OLD = '1'.repeat(40);
const NEW = '2'.repeat(40);
const MOVING = {
  id: 'org/moving',
  commits: [
    { id: OLD, files: [{ path: 'a.txt', kind: 'bytes', content: 'old' }] },
    { id: NEW, files: [{ path: 'a.txt', kind: 'bytes', content: 'new' }] },
  ],
  branches: { main: OLD, 'refs/pr/1': NEW, 'feature/x': NEW },
} as const;

let hub: Hub;
beforeAll(async () => {
  hub = await startHub({ repositories: [SAMPLE, MOVING, { ...ODD_NAMES }], pageSize: 20 });
});
afterAll(() => hub.close());

const json = async (path: string, question = {}) =>
  JSON.parse((await ask(hub.url + path, question)).body.toString());

describe('model info', () => {
  it('lists sizes and hashes with blobs=true', async () => {
    const info = await json('/api/models/org/sample/revision/main?blobs=true');
    expect(info).toMatchObject({ id: 'org/sample', gated: false, private: false });
    expect(info.sha).toMatch(/^[0-9a-f]{40}$/);
    const [config, model] = info.siblings;
    expect(config).toEqual({
      rfilename: 'config.json',
      size: 9,
      blobId: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(model).toMatchObject({ size: WEIGHTS_BYTES, lfs: { size: WEIGHTS_BYTES, pointerSize: 132 } });
    expect(model.lfs.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('lists names only without blobs', async () => {
    const info = await json('/api/models/org/sample');
    expect(info.siblings).toEqual([{ rfilename: 'config.json' }, { rfilename: 'model.safetensors' }]);
  });

  it('gives only what expand asks for, and 400 for what it does not know', async () => {
    const info = await json('/api/models/org/sample?expand=sha&expand=gated');
    expect(Object.keys(info).sort()).toEqual(['_id', 'gated', 'id', 'sha']);
    expect((await ask(`${hub.url}/api/models/org/sample?expand=nonsense`)).status).toBe(400);
  });

  it('carries the RateLimit headers', async () => {
    const { headers } = await ask(`${hub.url}/api/models/org/sample`);
    expect(headers.ratelimit).toMatch(/^"api";r=\d+;t=\d+$/);
    expect(headers['ratelimit-policy']).toBe('"fixed window";"api";q=500;w=300');
  });
});

describe('revisions', () => {
  it.each([
    ['main', OLD],
    ['refs%2Fpr%2F1', NEW],
    ['refs/pr/1', NEW],
    ['feature%2Fx', NEW],
    ['feature/x', NEW],
    [NEW, NEW],
    [NEW.slice(0, 8), NEW],
  ])('%s is found', async (revision, commit) => {
    expect((await json(`/api/models/org/moving/revision/${revision}`)).sha).toBe(commit);
    expect((await json(`/api/models/org/moving/tree/${revision}`))[0].path).toBe('a.txt');
    const resolved = await ask(`${hub.url}/org/moving/resolve/${revision}/a.txt`);
    expect([resolved.status, resolved.headers['x-repo-commit']]).toEqual([307, commit]);
  });

  it('are listed', async () => {
    const refs = await json('/api/models/org/moving/refs?include_prs=1');
    expect(refs.branches).toContainEqual({ name: 'main', ref: 'refs/heads/main', targetCommit: OLD });
    expect(refs.pullRequests).toEqual([{ name: '1', ref: 'refs/pr/1', targetCommit: NEW }]);
  });

  it('change when the test requests it', async () => {
    await using own = await startHub({ repositories: [MOVING] });
    own.setBranch('org/moving', 'main', NEW);
    expect((await ask(`${own.url}/org/moving/resolve/main/a.txt`)).headers['x-repo-commit']).toBe(NEW);
    expect(() => own.setBranch('org/moving', 'main', '3'.repeat(40))).toThrow(/no commit/);
  });
});

describe('tree', () => {
  it('comes in pages with an absolute link', async () => {
    const paths: string[] = [];
    let url: string | undefined =
      `${hub.url}/api/models/local/odd-names/tree/main?recursive=true&expand=false`;
    let pages = 0;
    while (url !== undefined) {
      const answer = await ask(url);
      paths.push(...JSON.parse(answer.body.toString()).map((entry: { path: string }) => entry.path));
      pages += 1;
      url = /^<(http:[^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1];
      expect(url?.startsWith(hub.url) ?? true).toBe(true);
    }
    expect(pages).toBe(Math.ceil(paths.length / 20));
    expect(paths).toEqual(expect.arrayContaining(ODD_NAMES.files!.map((file) => file.path)));
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('deep/er/and');
  });

  it('lists one folder, given raw or encoded', async () => {
    const entries = await json('/api/models/local/odd-names/tree/main/deep%2Fer?recursive=false');
    expect(entries.map((entry: { type: string; path: string }) => [entry.type, entry.path])).toEqual([
      ['directory', 'deep/er/and'],
      ['file', 'deep/er/weights file #1.safetensors'],
    ]);
    expect(entries[1].lfs).toMatchObject({ oid: expect.stringMatching(/^[0-9a-f]{64}$/), size: 1_500_001 });
    expect(await json('/api/models/local/odd-names/tree/main/deep/er')).toEqual(entries);
  });

  it('gives 404 for a path that is a file', async () => {
    const answer = await ask(`${hub.url}/api/models/org/sample/tree/main/config.json`);
    expect([answer.status, answer.headers['x-error-code']]).toEqual([404, 'EntryNotFound']);
  });
});

describe('paths-info', () => {
  const post = (type: string, body: string) =>
    json('/api/models/org/sample/paths-info/main', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });

  it('reads JSON and omits what is missing', async () => {
    const found = await post(
      'application/json',
      JSON.stringify({ paths: ['nope', 'config.json'], expand: true }),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      path: 'config.json',
      size: 9,
      lastCommit: { title: expect.any(String) },
    });
  });

  it('reads a form', async () => {
    const found = await post('application/x-www-form-urlencoded', 'paths=model.safetensors&expand=False');
    expect(found).toMatchObject([{ path: 'model.safetensors', size: WEIGHTS_BYTES }]);
    expect(found[0].lastCommit).toBeUndefined();
  });
});

describe('renamed repositories', () => {
  it.each([
    [
      '/api/models/local/former-name/revision/main?blobs=true',
      '/api/models/local/odd-names/revision/main?blobs=true',
    ],
    ['/local/former-name/resolve/main/empty.txt', '/local/odd-names/resolve/main/empty.txt'],
    ['/api/models/Org/Sample', '/api/models/org/sample'],
  ])('%s leads to %s', async (from, to) => {
    const answer = await ask(hub.url + from);
    expect([answer.status, answer.headers.location]).toEqual([307, to]);
  });
});
