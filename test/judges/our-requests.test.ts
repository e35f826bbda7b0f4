import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { answerWith, cutAfterBytes } from '../hub/faults/constructors.ts';
import { llamaFamily } from '../hub/fixtures/llama.ts';
import { madeUpModels } from '../hub/fixtures/made-up.ts';
import { oneFile, SMALL_PARAKEET } from '../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from './judge-world.ts';
import { judge } from './judges.ts';
import { type RecordedRequest, recorded, recordedText } from './recorded.ts';

const RECORDED = fileURLToPath(new URL('recorded/', import.meta.url));
/** Their versions are pinned, and they are the Hub's own. */
const OFFICIAL = /^(huggingface-hub|huggingface-js|hf-xet)/;
/** Said by every client in words of its own, or of the connection. */
const FREE_HEADERS = ['host', 'connection', 'user-agent', 'accept', 'accept-encoding', 'authorization'];

const official = readdirSync(RECORDED)
  .filter((name) => OFFICIAL.test(name))
  .flatMap((name): RecordedRequest[] => JSON.parse(readFileSync(`${RECORDED}${name}`, 'utf8')));

judge('what the official clients send', [], () => {
  it('a download in parts and its resumption ask nothing else', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET, oneFile(7_000_000)]);
    judged.hub.faults.add({ match: { origin: 'cdn', repo: 'org/one' }, ...cutAfterBytes(1_000_000) });
    await judged.haulyard('download', SMALL_PARAKEET.id, '--quiet', '--chunk-size', '1MiB');
    await judged.haulyard('download', 'org/one', '--quiet', '--chunk-size', '2MiB', '--profile', 'weak');
    expect(unheardOf(judged)).toEqual([]);
  });

  it('a dry run and a check ask nothing else', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', SMALL_PARAKEET.id, '--dry-run');
    await judged.haulyard('download', SMALL_PARAKEET.id, '--quiet');
    await judged.haulyard('verify', SMALL_PARAKEET.id);
    expect(unheardOf(judged)).toEqual([]);
  });

  it('a list of names without a tree asks nothing else', async () => {
    const { id, files = [] } = SMALL_PARAKEET;
    const commit = 'c'.repeat(40);
    await using judged = await openJudgeWorld([{ id, commits: [{ id: commit, files }] }]);
    const siblings = files.map(({ path }) => ({ rfilename: path }));
    const names = answerWith(200, JSON.stringify({ sha: commit, siblings }));
    judged.hub.faults.add({ match: { path: /\/revision\// }, ...names });
    judged.hub.faults.add({ match: { path: /\/tree\// }, ...answerWith(404) });
    await judged.haulyard('download', id, '--quiet');
    expect(judged.hub.requests.some(({ path }) => path.includes('/paths-info/'))).toBe(true);
    expect(unheardOf(judged)).toEqual([]);
  });

  it('a search and its next page ask nothing else', async () => {
    await using judged = await openJudgeWorld([...madeUpModels(800), ...llamaFamily(1 / 10_000)]);
    await judged.haulyard('search', 'llama', '1b', '--limit', '50');
    const filters = [
      '--filter',
      'gguf',
      '--filter',
      'license:llama3.2',
      '--author',
      'bartowski',
      '--sort',
      'likes',
    ];
    await judged.haulyard('search', 'llama', ...filters, '--limit', '50');
    expect(unheardOf(judged)).toEqual([]);
  });

  it('and these are our requests, as they are recorded', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', SMALL_PARAKEET.id, '--quiet', '--workers', '1');
    await expect(recordedText(judged.hub.requests)).toMatchFileSnapshot('recorded/haulyard.json');
  });

  it('a request that no official client sends would be found', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET], { anyClient: true });
    const url = `${judged.hub.url}/${SMALL_PARAKEET.id}/resolve/main/model.safetensors`;
    await fetch(url, { method: 'HEAD', redirect: 'manual', headers: { range: 'bytes=0-0' } });
    expect(unheardOf(judged)).toMatchObject([{ method: 'HEAD', headers: { range: 'bytes=0-0' } }]);
  });
});

function unheardOf({ hub }: JudgeWorld): readonly RecordedRequest[] {
  expect(hub.requests.length).toBeGreaterThan(0);
  return recorded(hub.requests).filter((request) => !official.some((known) => fits(request, known)));
}

/** The same request as far as a server can see. */
function fits(ours: RecordedRequest, known: RecordedRequest): boolean {
  const names = Object.keys(ours.headers).filter((name) => !FREE_HEADERS.includes(name));
  return (
    ours.server === known.server &&
    ours.method === known.method &&
    revisionless(ours.path) === revisionless(known.path) &&
    (ours.query === known.query || ours.query === '') &&
    rangeForm(ours) === rangeForm(known) &&
    names.every((name) => known.headers[name] !== undefined)
  );
}

/** A commit is a revision like a branch. */
function revisionless(path: string): string {
  return path.replace(/\/(main|HEAD|\{commit\})(?=\/|$)/, '/{revision}');
}

function rangeForm({ headers: { range } }: RecordedRequest): string {
  return range === undefined ? 'whole' : range.replace(/\b0\b/, 'N');
}
