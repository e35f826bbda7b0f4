import { mkdtemp, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  downloadFileToCacheDir,
  fileDownloadInfo,
  listFiles,
  modelInfo,
  snapshotDownload,
} from '@huggingface/hub';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readAll } from './content/content.ts';
import { contentOf } from './content/source.ts';
import { GATED, LOCAL_TOKENS } from './fixtures/odd.ts';
import { type Hub, startHub } from './hub.ts';
import { SAMPLE, WEIGHTS, WEIGHTS_BYTES } from './testing/sample.ts';

const NESTED = {
  id: 'org/nested',
  files: [
    { path: 'a/b/leaf.json', kind: 'bytes', content: '{"leaf": true}' },
    { path: 'a/notes.txt', kind: 'seeded', size: 20_000, seed: 'notes', format: 'text' },
    { path: 'small.safetensors', kind: 'seeded', size: 40_000, seed: 's', format: 'safetensors', lfs: true },
    WEIGHTS,
  ],
} as const;

let hub: Hub;
let cacheDir: string;
beforeEach(async () => {
  vi.spyOn(console, 'debug').mockImplementation(() => {});
  hub = await startHub({ repositories: [SAMPLE, NESTED, GATED], tokens: LOCAL_TOKENS, pageSize: 2 });
  cacheDir = await mkdtemp(join(tmpdir(), 'hub-client-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(hub.violations).toEqual([]);
  await hub.close();
  await rm(cacheDir, { recursive: true });
});

describe('the official JavaScript client', () => {
  it.each(SAMPLE.files!)('downloads $path into a cache', async (file) => {
    const path = await downloadFileToCacheDir({
      repo: SAMPLE.id,
      path: file.path,
      hubUrl: hub.url,
      cacheDir,
    });
    expect((await readFile(path)).equals(await readAll(contentOf(file)))).toBe(true);
    expect(await readlink(path)).toMatch(/blobs\/([0-9a-f]{40}|[0-9a-f]{64})$/);
  });

  it('downloads a snapshot with folders, in pages', async () => {
    const folder = await snapshotDownload({ repo: NESTED.id, hubUrl: hub.url, cacheDir });
    for (const file of NESTED.files) {
      expect((await readFile(join(folder, file.path))).equals(await readAll(contentOf(file)))).toBe(true);
    }
  });

  it('reads sizes, hashes and the commit', async () => {
    const info = await modelInfo({ name: SAMPLE.id, hubUrl: hub.url, additionalFields: ['sha'] });
    expect(info.sha).toMatch(/^[0-9a-f]{40}$/);
    const file = await fileDownloadInfo({ repo: SAMPLE.id, path: WEIGHTS.path, hubUrl: hub.url });
    expect(file).toMatchObject({ size: WEIGHTS_BYTES, etag: expect.stringMatching(/^"[0-9a-f]{64}"$/) });
    const listed: string[] = [];
    for await (const { path } of listFiles({ repo: NESTED.id, hubUrl: hub.url, recursive: true }))
      listed.push(path);
    expect(listed).toContain('a/b/leaf.json');
  });

  it('is refused a gated file without a token and served with a grant, never showing the token to the CDN', async () => {
    const question = { repo: GATED.id, path: 'model.safetensors', hubUrl: hub.url, cacheDir };
    await expect(downloadFileToCacheDir(question)).rejects.toThrow(/restricted|401|Expected size/);
    const path = await downloadFileToCacheDir({ ...question, accessToken: 'hf_local_granted' });
    expect((await readFile(path)).equals(await readAll(contentOf(GATED.files![1]!)))).toBe(true);
    expect(hub.requests.some((r) => r.origin === 'cdn' && r.file === 'model.safetensors')).toBe(true);
  });
});
