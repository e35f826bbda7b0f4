import { spawn } from 'node:child_process';
import { mkdtemp, readFile, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  downloadFile,
  downloadFileToCacheDir,
  listFiles,
  modelInfo,
  snapshotDownload,
} from '@huggingface/hub';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { CLI } from '../../integration/cli-world.ts';
import { expectRightFiles } from '../../integration/on-disk.ts';
import { SMALL_PARAKEET, text, WEIGHTS, weights } from '../../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';

const DEEP = {
  id: 'org/deep',
  files: [weights('a/b/deep.safetensors', 1_000_000), text('a/note.txt', 'note\n'), text('top.txt', 'top\n')],
};
const FILES = SMALL_PARAKEET.files!;
const REPO = SMALL_PARAKEET.id;
const SECRET = 'hf_shared_secret';

let world: JudgeWorld;
let url: string;
let askedBefore: number;
let end: () => Promise<void>;
beforeAll(async () => {
  world = await openJudgeWorld([SMALL_PARAKEET, DEEP]);
  for (const { id } of [SMALL_PARAKEET, DEEP]) await world.haulyard('download', id, '--quiet');
  ({ url, end } = await serve());
  askedBefore = world.hub.requests.length;
});
afterAll(async () => {
  await end();
  expect(world.hub.requests.slice(askedBefore)).toEqual([]); // Nobody asked the Hub.
  await world[Symbol.asyncDispose]();
});

/** `haulyard serve`, and how it is ended. */
async function serve(...args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--json', ...args], {
    env: world.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise<string>((resolve) => lines.once('line', resolve));
  return {
    url: JSON.parse(first).urls[0] as string,
    end: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** What makes another machine of a program: a home of its own, and our server in place of the Hub. */
async function elsewhere() {
  const home = await mkdtemp(join(world.root, 'elsewhere-'));
  return { HOME: home, HF_HOME: join(home, 'hf'), HF_ENDPOINT: url };
}

judge('huggingface_hub from haulyard serve', ['python'], () => {
  it.each([SMALL_PARAKEET, DEEP])(
    'downloads $id whole, by hf and by snapshot_download',
    async ({ id, files }) => {
      const folder = (await world.output('hf', ['download', id, '--quiet'], await elsewhere())).trim();
      await expectRightFiles(folder, files!);
      const script = `from huggingface_hub import snapshot_download
print(snapshot_download("${id}"))`;
      const other = (await world.output('python', ['-c', script], await elsewhere())).trim();
      await expectRightFiles(other, files!);
      expect(other.split('/').at(-1)).toBe(folder.split('/').at(-1));
    },
  );

  it('asks all its questions', async () => {
    const script = `from huggingface_hub import HfApi, HfFileSystem
api, repo = HfApi(), "${DEEP.id}"
info = api.model_info(repo, files_metadata=True, revision="main")
files = sorted(file.rfilename for file in info.siblings)
print(files, info.private, info.gated)
print(sorted(entry.path for entry in api.list_repo_tree(repo, recursive=True, revision=info.sha)))
print([entry.path for entry in api.list_repo_tree(repo, "a", expand=True)])
print([entry.size for entry in api.get_paths_info(repo, ["top.txt", "none"], expand=True)])
print([branch.name for branch in api.list_repo_refs(repo).branches])
print(api.file_exists(repo, "top.txt"), api.file_exists(repo, "none"), api.repo_exists("org/none"), api.revision_exists(repo, "none"))
with HfFileSystem().open(repo + "/a/b/deep.safetensors", "rb", block_size=1000) as file:
    file.seek(5000)
    print(len(file.read(10)))`;
    const printed = await world.output('python', ['-c', script], await elsewhere());
    expect(printed.trim().split('\n')).toEqual([
      "['a/b/deep.safetensors', 'a/note.txt', 'top.txt'] False False",
      "['a', 'a/b', 'a/b/deep.safetensors', 'a/note.txt', 'top.txt']",
      "['a/b', 'a/note.txt']",
      '[4]',
      "['main']",
      'True False False False',
      '10',
    ]);
  });

  it('sends the secret as its token', async () => {
    const closed = await serve('--secret', SECRET);
    try {
      const env = { ...(await elsewhere()), HF_ENDPOINT: closed.url };
      expect((await world.run('hf', ['download', REPO, '--quiet'], env)).code).not.toBe(0);
      const folder = await world.output('hf', ['download', REPO, '--quiet'], { ...env, HF_TOKEN: SECRET });
      await expectRightFiles(folder.trim(), FILES);
    } finally {
      await closed.end();
    }
  });
});

judge('@huggingface/hub from haulyard serve', [], () => {
  beforeEach(() => void vi.spyOn(console, 'debug').mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  it.each([SMALL_PARAKEET, DEEP])('lists and downloads $id', async ({ id, files }) => {
    expect((await modelInfo({ name: id, hubUrl: url })).name).toBe(id);
    const listed: string[] = [];
    for await (const { path, type } of listFiles({ repo: id, hubUrl: url, recursive: true })) {
      if (type === 'file') listed.push(path);
    }
    expect(listed.toSorted()).toEqual(files!.map(({ path }) => path).toSorted());
    const cacheDir = await mkdtemp(join(world.root, 'js-'));
    await expectRightFiles(await snapshotDownload({ repo: id, hubUrl: url, cacheDir }), files!);
  });

  it('reads parts of a file, and single files into a cache', async () => {
    const blob = await downloadFile({ repo: REPO, path: WEIGHTS, hubUrl: url });
    const content = await readFile(
      join(world.cacheDir, `models--${REPO.replace('/', '--')}`, 'refs/main'),
      'utf8',
    ).then((commit) =>
      readFile(join(world.cacheDir, `models--${REPO.replace('/', '--')}`, 'snapshots', commit, WEIGHTS)),
    );
    const part = Buffer.from(await blob!.slice(3_000_000, 3_001_000).arrayBuffer());
    expect(part.equals(content.subarray(3_000_000, 3_001_000))).toBe(true);
    const cacheDir = await mkdtemp(join(world.root, 'js-'));
    const path = await downloadFileToCacheDir({ repo: REPO, path: WEIGHTS, hubUrl: url, cacheDir });
    expect((await readFile(path)).equals(content)).toBe(true);
  });
});

for (const [tool, whole, resumed] of [
  ['curl', ['-sSLf', '-o'], ['-sSLf', '-C', '-', '-o']],
  ['wget', ['-q', '-O'], ['-q', '-c', '-O']],
  ['aria2c', ['-q', '-x4', '-s4', '-k1M', '--allow-overwrite=true', '-o'], ['-q', '-c', '-o']],
] as const) {
  judge(`${tool} from haulyard serve`, [tool], () => {
    it('downloads a file, and goes on where it was stopped', async () => {
      const address = `${url}/${REPO}/resolve/main/${WEIGHTS}`;
      const name = `${tool}-weights`;
      await world.output(tool, [...whole, name, address]);
      const file = join(world.root, name);
      const right = await readFile(file);
      const declared = FILES.filter(({ path }) => path === WEIGHTS).map((each) => ({ ...each, path: name }));
      await expectRightFiles(dirname(file), declared);
      await truncate(file, 2_000_000);
      await world.output(tool, [...resumed, name, address]);
      expect((await readFile(file)).equals(right)).toBe(true);
    });
  });
}
