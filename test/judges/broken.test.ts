import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withHeaders } from '../hub/faults/constructors.ts';
import { SMALL_PARAKEET, WEIGHTS } from '../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from './judge-world.ts';
import { judge } from './judges.ts';

const REPO = SMALL_PARAKEET.id;
const READ_CACHE = fileURLToPath(new URL('programs/read_cache.py', import.meta.url));
const FOREVER = Number.POSITIVE_INFINITY;

const folderOf = ({ cacheDir }: JudgeWorld) => join(cacheDir, `models--${REPO.replace('/', '--')}`);

/** A judge that calls everything good is no judge: here it must find what was broken on purpose. */
judge('what is broken on purpose', ['python'], () => {
  it('one wrong byte in our cache is found', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', REPO, '--quiet');
    const path = join((await judged.haulyard('path', REPO)).trim(), WEIGHTS);
    const content = await readFile(path);
    content[2_000_000]! ^= 1;
    await writeFile(path, content);
    const { code, stdout, stderr } = await judged.run('hf', ['cache', 'verify', REPO]);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain(WEIGHTS);
  });

  it('a link that leads nowhere is found', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', REPO, '--quiet');
    const path = join((await judged.haulyard('path', REPO)).trim(), WEIGHTS);
    await rm(path);
    await symlink('../../blobs/nowhere', path);
    const { code } = await judged.run('python', [READ_CACHE, REPO, 'main'], { HF_HUB_OFFLINE: '1' });
    expect(code).not.toBe(0);
  });

  it('a foreign file in our cache is a warning', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', REPO, '--quiet');
    await writeFile(join(judged.cacheDir, 'notes.txt'), 'x');
    const printed = await judged.output('python', [READ_CACHE, REPO, 'main'], { HF_HUB_OFFLINE: '1' });
    expect(JSON.parse(printed).warnings).toHaveLength(1);
  });

  it('a line break in a ref is found', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await judged.haulyard('download', REPO, '--quiet');
    const [commit] = await readdir(join(folderOf(judged), 'snapshots'));
    await writeFile(join(folderOf(judged), 'refs', 'main'), `${commit}\n`);
    const { code } = await judged.run('python', [READ_CACHE, REPO, 'main'], { HF_HUB_OFFLINE: '1' });
    expect(code).not.toBe(0);
  });

  it.each(['x-repo-commit', 'x-linked-etag', 'location'])(
    'an answer of our Hub without %s is found',
    async (name) => {
      await using judged = await openJudgeWorld([SMALL_PARAKEET]);
      const match = { path: /\/resolve\// };
      judged.hub.faults.add({ match, times: FOREVER, ...withHeaders({ [name]: null }) });
      const { code } = await judged.run('hf', ['download', REPO, WEIGHTS, '--quiet']);
      const blobs = await readdir(join(folderOf(judged), 'blobs')).catch((): string[] => []);
      const sha256 = (await weightsHash(judged)) ?? 'none';
      expect(code === 0 && blobs.includes(sha256)).toBe(false);
    },
  );
});

async function weightsHash({ hub }: JudgeWorld): Promise<string | undefined> {
  const answer = await fetch(`${hub.url}/api/models/${REPO}?blobs=true`);
  const { siblings } = (await answer.json()) as {
    siblings: { rfilename: string; lfs?: { sha256: string } }[];
  };
  return siblings.find(({ rfilename }) => rfilename === WEIGHTS)?.lfs?.sha256;
}
