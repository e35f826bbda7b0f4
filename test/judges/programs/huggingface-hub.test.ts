import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { digestOf } from '../../hub/content/digests.ts';
import { contentOf } from '../../hub/content/source.ts';
import { cutAfterBytes } from '../../hub/faults/constructors.ts';
import { expectRightFiles } from '../../integration/on-disk.ts';
import { oneFile, SMALL_PARAKEET, WEIGHTS } from '../../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';
import { recordedText } from '../recorded.ts';

const REPO = SMALL_PARAKEET.id;
const FILES = SMALL_PARAKEET.files!;
const READ_CACHE = fileURLToPath(new URL('read_cache.py', import.meta.url));
const ASK_HUB = fileURLToPath(new URL('ask_hub.py', import.meta.url));
const OFFLINE = { HF_HUB_OFFLINE: '1' };

const world = () => openJudgeWorld([SMALL_PARAKEET]);
const readCache = async ({ output }: JudgeWorld, revision = 'main') =>
  JSON.parse(await output('python', [READ_CACHE, REPO, revision], OFFLINE));

judge('huggingface_hub', ['python'], () => {
  it('a repository of our Hub is downloaded, and the requests are the recorded ones', async () => {
    await using judged = await world();
    const folder = (await judged.output('hf', ['download', REPO, '--quiet'])).trim();
    await expectRightFiles(folder, FILES);
    expect(judged.hub.violations).toEqual([]);
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot('../recorded/huggingface-hub.json');
  });

  it('a transfer that breaks off is resumed in the middle, with the recorded requests', async () => {
    // huggingface_hub keeps what came in pieces of 10 MB.
    const repository = oneFile(15_000_000);
    await using judged = await openJudgeWorld([repository]);
    judged.hub.faults.add({ match: { origin: 'cdn' }, ...cutAfterBytes(12_000_000) });
    const path = (await judged.output('hf', ['download', repository.id, WEIGHTS, '--quiet'])).trim();
    await expectRightFiles(dirname(path), repository.files!);
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot(
      '../recorded/huggingface-hub-resume.json',
    );
  });

  it('parts of a file are read, with the recorded requests', async () => {
    await using judged = await world();
    const script = `from huggingface_hub import HfFileSystem
with HfFileSystem().open("${REPO}/${WEIGHTS}", "rb", block_size=1000) as file:
    file.seek(1000000)
    print(file.read(10).hex())`;
    const printed = await judged.output('python', ['-c', script]);
    await judged.haulyard('download', REPO, '--quiet');
    const path = (await judged.haulyard('path', REPO)).trim();
    const content = await readFile(join(path, WEIGHTS));
    expect(printed.trim()).toBe(content.subarray(1_000_000, 1_000_010).toString('hex'));
    const asked = judged.hub.requests.filter(({ headers }) => !/haulyard/i.test(headers['user-agent'] ?? ''));
    await expect(recordedText(asked)).toMatchFileSnapshot('../recorded/huggingface-hub-parts.json');
  });

  it('questions about a repository are answered, and are the recorded ones', async () => {
    await using judged = await world();
    const lines = (await judged.output('python', [ASK_HUB, REPO])).trim().split('\n');
    expect(lines[0]).toMatch(new RegExp(`^${FILES.length} [0-9a-f]{40}$`));
    expect(lines.slice(1)).toEqual([String(FILES.length), '2', "['main']", expect.any(String)]);
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot(
      '../recorded/huggingface-hub-questions.json',
    );
  });

  it('what Haulyard downloaded is whole for a program without network, by branch and by commit', async () => {
    await using judged = await world();
    await judged.haulyard('download', REPO, '--quiet');
    const asked = judged.hub.requests.length;
    const found = await readCache(judged);
    const digests = FILES.map(async (file) => [
      file.path,
      await digestOf({ source: file, algorithm: 'sha256' }),
    ]);
    expect(found.files).toEqual(Object.fromEntries(await Promise.all(digests)));
    const commit = found.folder.split('/').at(-1);
    expect((await readCache(judged, commit)).folder).toBe(found.folder);
    expect(judged.hub.requests).toHaveLength(asked);
  });

  it('our cache is scanned without a warning, with the right sizes', async () => {
    await using judged = await world();
    await judged.haulyard('download', REPO, '--quiet');
    const { warnings, repos } = await readCache(judged);
    const bytes = FILES.map((file) => contentOf(file).size);
    expect(warnings).toEqual([]);
    expect(repos).toEqual([
      { id: REPO, files: FILES.length, bytes: bytes.reduce((sum, size) => sum + size, 0), refs: ['main'] },
    ]);
  });

  it('our cache is listed and verified', async () => {
    await using judged = await world();
    await judged.haulyard('download', REPO, '--quiet');
    expect(await judged.output('hf', ['cache', 'ls'])).toContain(REPO);
    expect(await judged.output('hf', ['cache', 'verify', REPO])).toMatch(/all checksums match/i);
  });

  it('a cache that huggingface_hub filled is used by Haulyard as it is', async () => {
    await using judged = await world();
    await judged.output('hf', ['download', REPO, '--quiet']);
    const asked = judged.hub.requests.length;
    await judged.haulyard('download', REPO, '--quiet');
    expect(judged.hub.requests.slice(asked).filter(({ origin }) => origin === 'cdn')).toEqual([]);
  });
});
