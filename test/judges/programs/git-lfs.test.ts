import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectRightFiles } from '../../integration/on-disk.ts';
import { SMALL_PARAKEET } from '../../integration/repositories.ts';
import { type JudgeWorld, openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';
import { recordedShape } from '../recorded.ts';

const REPO = SMALL_PARAKEET.id;
const FILES = SMALL_PARAKEET.files!;

judge('git and git-lfs', ['git-lfs'], () => {
  it('every blob of our cache has the name that git or git-lfs gives to its content', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    await committed(judged);
    const blobs = await readdir(join(judged.cacheDir, `models--${REPO.replace('/', '--')}`, 'blobs'));
    const listed = await git(judged, 'ls-files', '--stage');
    const pointers = await git(judged, 'lfs', 'ls-files', '--long');
    const oids = FILES.map(({ path, lfs }) =>
      lfs === true
        ? /^[0-9a-f]{64}/.exec(lineOf(pointers, path))?.[0]
        : / ([0-9a-f]{40}) /.exec(lineOf(listed, path))?.[1],
    );
    expect(oids.toSorted()).toEqual(blobs.toSorted());
  });

  it('a clone fetches its large files from our Hub, with the recorded requests', async () => {
    await using judged = await openJudgeWorld([SMALL_PARAKEET]);
    const work = await committed(judged);
    await rm(join(work, '.git', 'lfs'), { recursive: true });
    const since = judged.hub.requests.length;
    const clone = join(judged.root, 'clone');
    const lfsUrl = `lfs.url=${judged.hub.url}/${REPO}.git/info/lfs`;
    const skip = { GIT_LFS_SKIP_SMUDGE: '1' };
    await judged.output('git', ['clone', '-q', work, clone], skip);
    expect((await readFile(join(clone, 'model.safetensors'), 'utf8')).split('\n')[0]).toContain('git-lfs');
    await judged.output('git', ['-C', clone, '-c', lfsUrl, 'lfs', 'pull']);
    await judged.output('git', ['-C', clone, 'lfs', 'fsck']);
    await expectRightFiles(clone, FILES);
    const asked = judged.hub.requests.slice(since);
    expect(judged.hub.violations).toEqual([]);
    await expect(recordedShape(asked)).toMatchFileSnapshot('../recorded/git-lfs.json');
  });
});

/** A repository made of what Haulyard downloaded. */
async function committed(judged: JudgeWorld): Promise<string> {
  await judged.haulyard('download', REPO, '--quiet');
  const work = join(judged.root, 'work');
  await cp((await judged.haulyard('path', REPO)).trim(), work, { recursive: true, dereference: true });
  await judged.output('git', ['init', '-q', '-b', 'main', work]);
  await git(judged, 'lfs', 'install', '--local');
  // Beside the patterns of the repository's own .gitattributes, which must stay as it is.
  const patterns = FILES.filter(({ lfs }) => lfs === true).map(({ path }) => `${path} filter=lfs -text\n`);
  await writeFile(join(work, '.git', 'info', 'attributes'), patterns.join(''));
  await git(judged, 'add', '--all');
  const identity = ['-c', 'user.name=judge', '-c', 'user.email=judge@example.invalid'];
  await git(judged, ...identity, 'commit', '-q', '-m', 'all');
  return work;
}

function git({ root, output }: JudgeWorld, ...args: string[]): Promise<string> {
  return output('git', ['-C', join(root, 'work'), ...args]);
}

function lineOf(text: string, path: string): string {
  return text.split('\n').find((line) => line.endsWith(`${path}`)) ?? '';
}
