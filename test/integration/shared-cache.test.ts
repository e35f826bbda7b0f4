import { appendFile, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CacheServer } from '../../src/engine/hub-server/serve-cache.ts';
import { gitBlobId } from '../hub/content/digests.ts';
import { GATED, LOCAL_TOKENS, PRIVATE } from '../hub/fixtures/odd.ts';
import { openWorld, type TestEngine, type World } from './harness.ts';
import { SMALL_PARAKEET, text, WEIGHTS, weights } from './repositories.ts';
import { ask, share } from './shared-cache.ts';

const SOME_BYTES = 2_000_001;
const OTHER = {
  id: 'org/other',
  files: [weights('other.safetensors', SOME_BYTES), text('deep/er/note.txt', 'hello\n')],
};
const PART = { id: 'org/part', files: [weights('part.safetensors', 3_000_000)] };
const ID = SMALL_PARAKEET.id;

let world: World;
let engine: TestEngine;
let server: CacheServer;
let commit: string;
let snapshot: string;
beforeAll(async () => {
  world = await openWorld([SMALL_PARAKEET, OTHER, PART, GATED, PRIVATE], { tokens: LOCAL_TOKENS });
  engine = await world.open({ token: 'hf_local_granted' });
  const { done } = await engine.download({ reference: ID });
  await engine.download({ reference: OTHER.id });
  await engine.download({ reference: GATED.id });
  await engine.download({ reference: PRIVATE.id });
  snapshot = done.snapshot;
  commit = snapshot.split('/').at(-1)!;
  server = await share(world);
});
afterAll(async () => {
  await server.close();
  await world[Symbol.asyncDispose]();
});

const get = (target: string, headers: Record<string, string> = {}, from = server) =>
  ask(from, target, { headers });
const json = async (target: string) => JSON.parse((await get(target)).body.toString());
const weightsUrl = `/${ID}/resolve/main/${WEIGHTS}`;

describe('a shared cache', () => {
  it('describes a model as the Hub does', async () => {
    const { siblings, ...rest } = await json(`/api/models/${ID}/revision/main?blobs=true`);
    expect(rest).toMatchObject({ id: ID, sha: commit, private: false, gated: false });
    const theirs = await (await fetch(`${world.hub.url}/api/models/${ID}/revision/main?blobs=true`)).json();
    const byName = (one: { rfilename: string }, other: { rfilename: string }) =>
      one.rfilename < other.rfilename ? -1 : 1;
    const known = (all: Array<{ rfilename: string; size: number; blobId: string; lfs?: object }>) =>
      all.map(({ rfilename, size, blobId, lfs }) => ({ rfilename, size, blobId, lfs })).sort(byName);
    expect(known(siblings)).toEqual(known(theirs.siblings));
    expect(await json(`/api/models/${ID}`)).toMatchObject({ sha: commit });
    expect(await json(`/api/models/${ID}/revision/HEAD`)).toMatchObject({ sha: commit });
    expect((await json(`/api/models/${ID}/revision/${commit}`)).siblings).toContainEqual({
      rfilename: WEIGHTS,
    });
  });

  it('lists its tree, with and without what is in folders', async () => {
    const known = (all: Array<{ path: string; type: string; size: number; oid: string; lfs?: object }>) =>
      all
        .map(({ path, type, size, oid, lfs }) => ({
          path,
          type,
          size,
          lfs,
          oid: type === 'file' ? oid : null,
        }))
        .sort((one, other) => (one.path < other.path ? -1 : 1));
    for (const query of ['?recursive=true', '', '/deep?recursive=true', '/deep%2Fer']) {
      const target = `/api/models/${OTHER.id}/tree/main${query}`;
      const theirs = await (await fetch(world.hub.url + target)).json();
      expect([query, known(await json(target))]).toEqual([query, known(theirs)]);
    }
    expect(await get(`/api/models/${OTHER.id}/tree/main/nothing`)).toMatchObject({ status: 404 });
  });

  it('tells of single paths, asked by form and by JSON', async () => {
    const target = `/api/models/${ID}/paths-info/main`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const asForm = await ask(server, target, {
      method: 'POST',
      headers: form,
      body: `paths=vocab.txt&paths=none`,
    });
    const body = JSON.stringify({ paths: [WEIGHTS], expand: true });
    const asJson = await ask(server, target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(JSON.parse(asForm.body.toString())).toMatchObject([{ path: 'vocab.txt', type: 'file' }]);
    expect(JSON.parse(asJson.body.toString())).toMatchObject([{ path: WEIGHTS, lastCommit: { id: commit } }]);
  });

  it('sends a file with what the Hub says of it', async () => {
    const file = await readFile(join(snapshot, WEIGHTS));
    const { status, headers, body } = await get(weightsUrl);
    expect([status, body.equals(file)]).toEqual([200, true]);
    const head = await ask(server, weightsUrl, { method: 'HEAD' });
    expect(head.body).toHaveLength(0);
    for (const told of [headers, head.headers]) {
      expect(told).toMatchObject({
        'x-repo-commit': commit,
        'x-linked-size': String(file.length),
        'x-linked-etag': told.etag,
        'content-length': String(file.length),
        'accept-ranges': 'bytes',
      });
    }
    const small = await get(`/${ID}/resolve/main/vocab.txt`);
    expect(small.headers.etag).toBe(`"${gitBlobId(small.body.toString())}"`);
  });

  it.each([
    ['bytes=0-0', 206, 'bytes 0-0', 1],
    ['bytes=100-199', 206, 'bytes 100-199', 100],
    ['bytes=5300000-', 206, 'bytes 5300000-5300000', 1],
    ['bytes=-7', 206, 'bytes 5299994-5300000', 7],
    ['bytes=0-999999999999999999999', 206, 'bytes 0-5300000', 5_300_001],
    ['bytes=5300001-', 416, 'bytes *', 0],
    ['bytes=-0', 416, 'bytes *', 0],
    ['bytes=9-3', 200, undefined, 5_300_001],
    ['bytes=0-1,5-6', 200, undefined, 5_300_001],
    [`bytes=${'0-0,'.repeat(1500)}0-0`, 200, undefined, 5_300_001],
    ['lines=1-2', 200, undefined, 5_300_001],
  ])('answers the range %s', async (range, status, contentRange, length) => {
    const file = await readFile(join(snapshot, WEIGHTS));
    const answer = await get(weightsUrl, { range });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-range']).toBe(contentRange && `${contentRange}/5300001`);
    if (status === 416) return;
    const start = Number(/\d+/.exec(contentRange ?? '0')?.[0]);
    expect(answer.body.equals(file.subarray(start, start + length))).toBe(true);
  });

  it('honors If-None-Match and If-Range', async () => {
    const { headers } = await ask(server, weightsUrl, { method: 'HEAD' });
    const etag = headers.etag!;
    expect(await get(weightsUrl, { 'if-none-match': `"x", W/${etag}` })).toMatchObject({ status: 304 });
    expect(await get(weightsUrl, { range: 'bytes=0-0', 'if-range': etag })).toMatchObject({ status: 206 });
    expect(await get(weightsUrl, { range: 'bytes=0-0', 'if-range': '"other"' })).toMatchObject({
      status: 200,
    });
  });

  it('answers which contents it has, and sends them by hash', async () => {
    const siblings = (await json(`/api/models/${ID}?blobs=true`)).siblings as Array<{
      rfilename: string;
      blobId: string;
      lfs?: { sha256: string };
    }>;
    const sha256 = siblings.find(({ rfilename }) => rfilename === WEIGHTS)!.lfs!.sha256;
    const sha1 = siblings.find(({ rfilename }) => rfilename === 'vocab.txt')!.blobId;
    const have = (body: unknown) =>
      ask(server, '/api/haulyard/have', { method: 'POST', body: JSON.stringify(body) });
    const answer = await have({ sha256: [sha256.toUpperCase(), 'f'.repeat(64)], sha1: [sha1] });
    expect(JSON.parse(answer.body.toString())).toEqual({
      have: [
        { hash: sha256, size: 5_300_001 },
        { hash: sha1, size: 4500 },
      ],
    });
    const blob = await get(`/api/haulyard/blob/${sha256}`, { range: 'bytes=10-19' });
    const file = await readFile(join(snapshot, WEIGHTS));
    expect([blob.status, blob.body.equals(file.subarray(10, 20))]).toEqual([206, true]);
    expect(
      await have({ sha256: Array.from({ length: 1001 }, (_, n) => String(n).padStart(64, '0')) }),
    ).toMatchObject({ status: 400 });
    expect(await have({ sha256: ['../../etc/passwd'] })).toMatchObject({ status: 400 });
    expect(await have(null)).toMatchObject({ status: 400 });
  });

  it('tells how it is', async () => {
    expect(await json('/health')).toEqual({ status: 'ok', version: '0.0.0', models: 2 });
    const page = await get('/');
    expect(page.headers['content-type']).toContain('text/plain');
    expect(page.body.toString()).toContain('shares 2 models');
  });

  it('is another machine’s endpoint: the same bytes, without the Hub', async () => {
    await using other = await openWorld([]);
    const second = await other.open({ endpoint: server.url });
    const { done } = await second.download({ reference: ID });
    for (const { path } of done.files) {
      expect(await readFile(join(done.snapshot, path))).toEqual(await readFile(join(snapshot, path)));
    }
    // What it was told is public, so the second machine may pass it on.
    await using passedOn = await share(other);
    expect(await get(weightsUrl, { range: 'bytes=0-9' }, passedOn)).toMatchObject({ status: 206 });
  });
});

describe('what is not shared', () => {
  it('is what a token opened: gated and private models', async () => {
    for (const { id, files = [] } of [GATED, PRIVATE]) {
      expect(await get(`/api/models/${id}`)).toMatchObject({
        status: 404,
        headers: { 'x-error-code': 'RepoNotFound' },
      });
      expect(await get(`/${id}/resolve/main/${files[0]!.path}`)).toMatchObject({ status: 404 });
    }
    const { models } = await engine.call('library.list', {});
    expect(models.map(({ repo }) => repo)).toContain(GATED.id); // It is here, and verified.
  });

  it('is what lies outside of what was asked for with --models', async () => {
    await using few = await share(world, { models: ['org/*', 'mlx-*/none'] });
    expect([
      (await get(`/api/models/${ID}`, {}, few)).status,
      (await get(`/api/models/${OTHER.id}`, {}, few)).status,
    ]).toEqual([404, 200]);
  });

  it('is a file that changed since it was hashed, at once', async () => {
    await using changing = await openWorld([OTHER]);
    const { done } = await (await changing.open()).download({ reference: OTHER.id });
    await using shared = await share(changing);
    const url = `/${OTHER.id}/resolve/main/other.safetensors`;
    const before = await get(url, {}, shared);
    await appendFile(join(done.snapshot, 'other.safetensors'), 'x');
    const after = await get(url, {}, shared);
    expect([before.status, after.status, after.headers['x-linked-etag']]).toEqual([200, 404, undefined]);
    expect(
      await get(`/api/models/${OTHER.id}?blobs=true`, {}, shared).then(({ body }) => body.toString()),
    ).not.toContain('other.safetensors');
  });

  it('is what others put into a snapshot, whatever its links lead to', async () => {
    await writeFile(join(world.root, 'secret.txt'), 'secret');
    await writeFile(join(snapshot, 'notes.txt'), 'not of the Hub');
    await symlink(join(world.root, 'secret.txt'), join(snapshot, 'link.txt'));
    await using fresh = await share(world);
    for (const name of ['notes.txt', 'link.txt']) {
      expect(await get(`/${ID}/resolve/main/${name}`, {}, fresh)).toMatchObject({ status: 404 });
    }
    await Promise.all(['notes.txt', 'link.txt'].map((name) => rm(join(snapshot, name))));
  });

  it('is what is not finished', async () => {
    await using partly = await openWorld([PART], { conditions: { bytesPerSecond: 300_000 } });
    const unfinished = await partly.open();
    const id = await unfinished.add({ reference: PART.id });
    await unfinished.waitFor('progress', ({ receivedBytes }) => receivedBytes > 0);
    await unfinished.call('downloads.pause', { id });
    await using shared = await share(partly);
    expect(await get(`/${PART.id}/resolve/main/part.safetensors`, {}, shared)).toMatchObject({ status: 404 });
    expect((await shared.shared()).bytes).toBe(0);
  });
});
