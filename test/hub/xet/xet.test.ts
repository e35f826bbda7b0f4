import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadFile, snapshotDownload } from '@huggingface/hub';
import { MerkleHashSubtree } from '@huggingface/xetchunk-wasm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openKeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import { bytesContent } from '../content/bytes.ts';
import { readAll } from '../content/content.ts';
import { contentOf } from '../content/source.ts';
import { type Hub, startHub } from '../hub.ts';
import { ask } from '../testing/ask.ts';
import { chunkHashes } from './chunk-hashes.ts';
import { XET_KINDS, XET_REPOSITORY } from './content-kinds.ts';
import { makeSubtree } from './make-subtree.ts';
import { storeFile } from './xet-file.ts';
import { xorshiftBytes } from './xorshift.ts';

const keyed = openKeyedHash();
const NOISE = xorshiftBytes(3 * 1024 * 1024);
const VECTOR = {
  id: 'org/vector',
  files: [{ path: 'v.bin', kind: 'bytes', content: NOISE, lfs: true, xet: {} }],
} as const;
const NAME = '27d7a6d9c85ba8153b9929089573df0b9b8c85d1398cff4d25862f2817f78974';

let hub: Hub;
beforeAll(async () => {
  vi.spyOn(console, 'debug').mockImplementation(() => {});
  hub = await startHub({ repositories: [XET_REPOSITORY, VECTOR] });
});
afterEach(() => {
  expect(hub.violations).toEqual([]);
  Object.assign(hub.xet, {
    v2: 'served',
    chunkHashes: true,
    gapVerification: 'complete',
    globalDedup: false,
  });
  hub.xet.tokenLifetimeSeconds = 3600;
  hub.faults.clear();
});
afterAll(() => hub.close());

async function resolved(repo: string, path: string) {
  return ask(`${hub.url}/${repo}/resolve/main/${path}`, { method: 'HEAD' });
}
async function token(): Promise<string> {
  const { body } = await ask(`${hub.url}/api/models/org/vector/xet-read-token/main`);
  return JSON.parse(body.toString()).accessToken;
}
async function asked(path: string, headers: Record<string, string> = {}) {
  const answer = await ask(`${hub.cdnUrl}${path}`, {
    headers: { authorization: `Bearer ${await token()}`, ...headers },
  });
  const text = answer.body.toString();
  return { status: answer.status, json: text.startsWith('{') ? JSON.parse(text) : null, text };
}
const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

describe('Xet data of the Hub', () => {
  it('names hash, token and reconstruction in the headers of resolve', async () => {
    const { headers } = await resolved('org/vector', 'v.bin');
    expect(headers['x-xet-hash']).toBe(NAME);
    expect(headers.link).toMatch(
      /xet-read-token\/[0-9a-f]{40}>; rel="xet-auth", <http.*\/v1\/reconstructions\//,
    );
  });

  it('is absent for a small git file', async () => {
    expect((await resolved('org/xet-kinds', 'config.json')).headers['x-xet-hash']).toBeUndefined();
  });

  it('gives tokens that the storage takes until their time is over', async () => {
    expect((await asked(`/v2/reconstructions/${NAME}`)).status).toBe(200);
    hub.xet.tokenLifetimeSeconds = -1;
    expect((await asked(`/v2/reconstructions/${NAME}`)).status).toBe(401);
    expect((await ask(`${hub.cdnUrl}/v2/reconstructions/${NAME}`)).status).toBe(401);
  });
});

describe('a reconstruction', () => {
  it('of a range is trimmed to whole chunks', async () => {
    const { json } = await asked(`/v2/reconstructions/${NAME}`, { range: 'bytes=1000000-1999999' });
    expect(json.offset_into_first_range).toBe(119_866);
    expect(json.terms).toEqual([
      {
        hash: '6299b0a1b08caa813a3730d494648726f4b3fb85dd3b072f28ad031d6f408636',
        unpacked_length: 1_194_193,
        range: { start: 20, end: 36 },
      },
    ]);
    const [entry] = Object.values<{ ranges: unknown }[]>(json.xorbs)[0]!;
    expect(entry?.ranges).toEqual([
      { chunks: { start: 20, end: 36 }, bytes: { start: 880_294, end: 2_074_614 } },
    ]);
  });

  it('is refused past the end, for a malformed and for an unknown hash', async () => {
    const range = { range: 'bytes=3145728-3145729' };
    expect((await asked(`/v2/reconstructions/${NAME}`, range)).status).toBe(416);
    expect((await asked('/v2/reconstructions/nothing')).status).toBe(400);
    expect((await asked(`/v2/reconstructions/${'0'.repeat(64)}`)).status).toBe(404);
  });

  it('gives URLs for the signed ranges alone, without a token, until they end', async () => {
    const { json } = await asked(`/v1/reconstructions/${NAME}`);
    type Fetch = { url: string; url_range: { start: number; end: number } };
    const { url, url_range: signed } = Object.values<Fetch[]>(json.fetch_info)[0]![0]!;
    const { start, end } = signed;
    const get = (range: string) => ask(url, { headers: { range } });
    expect((await get(`bytes=${start}-${end}`)).status).toBe(206);
    expect((await get(`bytes=${start}-${end - 1}`)).body.toString()).toBe('Auth failed: invalid range');
    expect((await ask(url)).status).toBe(403);
    hub.expireXorbUrls();
    expect((await get(`bytes=${start}-${end}`)).status).toBe(403);
  });
});

describe('the chunk hashes of a file', () => {
  it('fit the reference answer', async () => {
    const file = await storeFile({ kind: 'bytes', content: NOISE }, bytesContent(NOISE), {}, true, keyed);
    const answer = chunkHashes(file, [[1_500_000, 1_500_000]], keyed)!;
    expect(answer.windows).toEqual([{ dirtyByteRange: [1_484_962, 1_788_448] }]);
    expect(answer.totalChunks).toBe(52);
    expect(answer.hashRanges.map((gap) => gap?.levels)).toEqual([
      [
        [0, 13],
        [3, 0],
      ],
      [
        [9, 0],
        [2, 0],
      ],
    ]);
    expect(answer.hashRanges.map(sha256)).toEqual([
      '510147ccc39a8ffde46eb343806f2ed359666740a91ca41e2d5783a66aa904a4',
      '2574f2df403e2d41f51baf5ae523aa0fca8f2b0605eb0b10e47e3f66f17ae1d5',
    ]);
    expect(sha256(makeSubtree(file.chunks.slice(2, 50), false, false, keyed))).toBe(
      '437f0eee95dce3c2b60f334cee3af755dcb28b505f8d8e0562b6c69e6abd0c3f',
    );
    expect(file.terms[0]?.xorb.starts.at(-1)).toBe(3_146_144);
    expect(file.terms[0]?.xorb.stored.size).toBe(3_148_320);
  });

  it('are those that the JavaScript client makes', async () => {
    const { chunks } = await storeFile(
      { kind: 'bytes', content: NOISE },
      bytesContent(NOISE),
      {},
      true,
      keyed,
    );
    for (const [from, to] of [
      [0, 30],
      [3, 52],
      [10, 41],
    ]) {
      const run = chunks.slice(from, to).map(({ hash, length }) => ({ hash, length }));
      const theirs = MerkleHashSubtree.fromChunks(from === 0, run, to === 52).toJSON();
      expect(makeSubtree(chunks.slice(from, to), from === 0, to === 52, keyed)).toEqual(theirs);
    }
  });

  it('need a header, and may be switched off', async () => {
    expect((await asked(`/v2/file-chunk-hashes/${NAME}`)).status).toBe(400);
    expect((await asked(`/v2/file-chunk-hashes/${NAME}`, { 'x-range-dirty': 'bytes=0-0' })).status).toBe(200);
    hub.xet.chunkHashes = false;
    expect((await asked(`/v2/file-chunk-hashes/${NAME}`, { 'x-range-dirty': 'bytes=0-0' })).status).toBe(404);
  });
});

describe('the official JavaScript client', () => {
  it.each(XET_KINDS.map(({ path }) => path))('downloads %s through Xet', async (path) => {
    const declared = XET_KINDS.find((file) => file.path === path)!;
    const blob = await downloadFile({ repo: 'org/xet-kinds', path, hubUrl: hub.url, xet: true });
    expect(Buffer.from(await blob!.arrayBuffer()).equals(await readAll(contentOf(declared)))).toBe(true);
    expect(hub.requests.at(-1)?.path).toMatch(/^\/xorbs\//);
  });

  it('downloads a snapshot', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'hub-xet-'));
    const folder = await snapshotDownload({ repo: 'org/xet-kinds', hubUrl: hub.url, cacheDir });
    for (const file of XET_REPOSITORY.files!) {
      expect((await readFile(join(folder, file.path))).equals(await readAll(contentOf(file)))).toBe(true);
    }
    await rm(cacheDir, { recursive: true });
  });
});
