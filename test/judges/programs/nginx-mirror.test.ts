import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { snapshotDownload } from '@huggingface/hub';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { GATED, ODD_NAMES } from '../../hub/fixtures/odd.ts';
import { CLI } from '../../integration/cli-world.ts';
import { bytesOf, expectRightFiles } from '../../integration/on-disk.ts';
import { SMALL_PARAKEET, WEIGHTS, weights } from '../../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';
import { type Mirror, startMirror } from '../nginx-mirror.ts';

/** Three slices and a part. */
const LARGE = { id: 'org/large', files: [weights(WEIGHTS, 50_000_001)] };
const REPO = SMALL_PARAKEET.id;

judge('nginx as a caching mirror', ['nginx', 'curl'], () => {
  let world: JudgeWorld;
  let mirror: Mirror;
  beforeAll(async () => {
    world = await openJudgeWorld([SMALL_PARAKEET, LARGE, ODD_NAMES, GATED], {
      pageSize: 10,
      anyClient: true,
    });
    mirror = await startMirror(world.hub, world.root);
  });
  afterAll(async () => {
    await mirror[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** What makes another machine of a program. */
  async function machine(endpoint: string) {
    const home = await mkdtemp(join(world.root, 'machine-'));
    return {
      HOME: home,
      HF_HOME: join(home, 'hf'),
      HAULYARD_DATA_DIR: join(home, 'data'),
      HF_ENDPOINT: endpoint,
    };
  }
  async function download(repo: string, endpoint = mirror.url, env: Record<string, string> = {}) {
    const variables = { ...(await machine(endpoint)), ...env };
    await world.output(process.execPath, [CLI, 'download', repo, '--quiet'], variables);
    return (await world.output(process.execPath, [CLI, 'path', repo], variables)).trim();
  }
  const contentBytes = () => world.hub.requests.reduce((sum, { bytesSent }) => sum + bytesSent, 0);

  it.each([SMALL_PARAKEET, LARGE, ODD_NAMES])(
    'gives a second machine all of $id, and asks the Hub nothing',
    async ({ id, files }) => {
      await expectRightFiles(await download(id), files!);
      const asked = world.hub.requests.length;
      expect(asked).toBeGreaterThan(0);
      await expectRightFiles(await download(id), files!);
      expect(world.hub.requests.slice(asked).map(({ path }) => path)).toEqual([]);
    },
  );

  it('fetches a file once, in slices, whoever reads which part of it', async () => {
    const right = await bytesOf(LARGE.files[0]!);
    const before = contentBytes();
    for (const [start, end] of [
      [0, 0],
      [16_777_210, 16_777_230],
      [50_000_000, 50_000_000],
      [3, 40_000_000],
    ] as const) {
      const file = join(world.root, 'part');
      await world.output('curl', [
        '-sSfL',
        '-r',
        `${start}-${end}`,
        '-o',
        file,
        `${mirror.url}/${LARGE.id}/resolve/main/${WEIGHTS}`,
      ]);
      expect((await readFile(file)).equals(right.subarray(start, end + 1))).toBe(true);
    }
    expect(contentBytes() - before).toBeLessThan(1_000_000); // The test before this one brought all of it.
    const beyond = await world.run('curl', [
      '-sSfL',
      '-r',
      '50000001-',
      '-o',
      '/dev/null',
      `${mirror.url}/${LARGE.id}/resolve/main/${WEIGHTS}`,
    ]);
    expect(beyond.stderr).toContain('416');
  });

  it('works below a path', async () => {
    await expectRightFiles(await download(ODD_NAMES.id, mirror.prefixedUrl), ODD_NAMES.files!);
    await expectRightFiles(await download(REPO, mirror.prefixedUrl), SMALL_PARAKEET.files!);
  });

  it('is reached directly where NO_PROXY names it', async () => {
    const proxies = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };
    await download(REPO, mirror.url, { ...proxies, NO_PROXY: '127.0.0.1' });
    const variables = { ...(await machine(mirror.url)), ...proxies };
    const refused = await world.run(
      process.execPath,
      [CLI, 'download', REPO, '--give-up-after', '1'],
      variables,
    );
    expect(refused.code).toBe(7);
  });

  it('hands on no token, and stores nothing that one opens', async () => {
    const asked = world.hub.requests.length;
    const variables = { ...(await machine(mirror.url)), HF_TOKEN: 'hf_local_granted' };
    const refused = await world.run(process.execPath, [CLI, 'download', GATED.id, '--quiet'], variables);
    expect(refused.code).toBe(3);
    const tokens = world.hub.requests.slice(asked).map(({ headers }) => headers.authorization);
    expect(tokens.length).toBeGreaterThan(0);
    expect(new Set(tokens)).toEqual(new Set([undefined]));
  });

  it('serves @huggingface/hub', async () => {
    const quiet = vi.spyOn(console, 'debug').mockImplementation(() => {});
    const cacheDir = await mkdtemp(join(world.root, 'js-'));
    await expectRightFiles(
      await snapshotDownload({ repo: REPO, hubUrl: mirror.url, cacheDir }),
      SMALL_PARAKEET.files!,
    );
    quiet.mockRestore();
  });
});

judge('huggingface_hub through nginx as a caching mirror', ['python', 'nginx'], () => {
  it('downloads what another machine has brought, also while the Hub is away', async () => {
    await using world = await openJudgeWorld([SMALL_PARAKEET], { anyClient: true });
    await using mirror = await startMirror(world.hub, world.root);
    const machine = async (name: string) => ({ HF_HOME: join(world.root, name), HF_ENDPOINT: mirror.url });
    const first = await world.output('hf', ['download', REPO, '--quiet'], await machine('first'));
    await expectRightFiles(first.trim(), SMALL_PARAKEET.files!);
    await world.hub.close();
    const second = await world.output('hf', ['download', REPO, '--quiet'], await machine('second'));
    await expectRightFiles(second.trim(), SMALL_PARAKEET.files!);
  });
});
