import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadFile, listFiles, modelInfo, scanCacheDir, snapshotDownload } from '@huggingface/hub';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readAll } from '../../hub/content/content.ts';
import { contentOf } from '../../hub/content/source.ts';
import { expectRightFiles } from '../../integration/on-disk.ts';
import { SMALL_PARAKEET, WEIGHTS } from '../../integration/repositories.ts';
import { openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';
import { recordedText } from '../recorded.ts';

const REPO = SMALL_PARAKEET.id;
const FILES = SMALL_PARAKEET.files!;

judge('@huggingface/hub', [], () => {
  beforeEach(() => void vi.spyOn(console, 'debug').mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  it('a repository of our Hub is listed and downloaded, with the recorded requests', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    const { url: hubUrl, requests } = judged.hub;
    expect((await modelInfo({ name: REPO, hubUrl })).name).toBe(REPO);
    const listed: string[] = [];
    for await (const { path } of listFiles({ repo: REPO, hubUrl, recursive: true })) listed.push(path);
    expect(listed.toSorted()).toEqual(FILES.map(({ path }) => path).toSorted());
    await expectRightFiles(await snapshotDownload({ repo: REPO, hubUrl, cacheDir: judged.cacheDir }), FILES);
    expect(judged.hub.violations).toEqual([]);
    await expect(recordedText(requests)).toMatchFileSnapshot('../recorded/huggingface-js.json');
  });

  it('parts of a file are read, each with an address of its own', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    const blob = await downloadFile({ repo: REPO, path: WEIGHTS, hubUrl: judged.hub.url });
    const content = await readAll(contentOf(FILES.find(({ path }) => path === WEIGHTS)!));
    for (const start of [0, 1_000_000, 5_000_000]) {
      const part = Buffer.from(await blob!.slice(start, start + 1000).arrayBuffer());
      expect(part.equals(content.subarray(start, start + 1000))).toBe(true);
    }
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot(
      '../recorded/huggingface-js-parts.json',
    );
  });

  it('our cache is read as it is', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', REPO, '--quiet');
    const { repos, warnings } = await scanCacheDir(judged.cacheDir);
    expect(warnings).toEqual([]);
    expect(repos.map(({ id }) => id.name)).toEqual([REPO]);
    const [revision] = repos[0]!.revisions;
    const weights = revision!.files.find(({ path }) => path.endsWith(WEIGHTS))!;
    expect(await readFile(join(revision!.path, WEIGHTS))).toEqual(await readFile(weights.blob.path));
  });
});
