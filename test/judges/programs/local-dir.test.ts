import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectRightFiles, servedBytes } from '../../integration/on-disk.ts';
import { SMALL_PARAKEET, text, WEIGHTS, weights } from '../../integration/repositories.ts';
import { openJudgeWorld } from '../judge-world.ts';
import { judge } from '../judges.ts';

const ID = SMALL_PARAKEET.id;
const FILES = SMALL_PARAKEET.files!;
const SMALL = ['config.json', 'vocab.txt'];

judge('hf download --local-dir', ['python'], () => {
  it('hf finds a folder that we filled complete, and continues one that we began', async () => {
    await using world = await openJudgeWorld([SMALL_PARAKEET]);
    const folder = join(world.root, 'here');
    await world.haulyard('download', ID, WEIGHTS, '--local-dir', folder);
    const before = await stat(join(folder, WEIGHTS));
    const begun = world.hub.requests.length;
    await world.output('hf', ['download', ID, '--local-dir', folder]);
    await expectRightFiles(folder, FILES);
    const after = await stat(join(folder, WEIGHTS));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
    expect(servedBytes(world.hub, begun)).toBeLessThan(1_000_000);

    const full = join(world.root, 'full');
    await world.haulyard('download', ID, '--local-dir', full);
    const since = world.hub.requests.length;
    await world.output('hf', ['download', ID, '--local-dir', full]);
    expect(servedBytes(world.hub, since)).toBe(0);
    await expectRightFiles(full, FILES);
  });

  it('we continue a folder that hf began, and fetch nothing of what it has', async () => {
    await using world = await openJudgeWorld([SMALL_PARAKEET]);
    const folder = join(world.root, 'here');
    await world.output('hf', ['download', ID, ...SMALL, '--local-dir', folder]);
    const note = join(folder, '.cache', 'huggingface', 'download', 'config.json.metadata');
    const [commit, etag] = (await readFile(note, 'utf8')).split('\n');
    const since = world.hub.requests.length;
    await world.haulyard('download', ID, '--local-dir', folder);
    await expectRightFiles(folder, FILES);
    const asked = world.hub.requests.slice(since).map(({ path }) => path);
    expect(asked.filter((path) => SMALL.some((name) => path.endsWith(`/${name}`)))).toEqual([]);
    // Both tools write the same commit and ETag.
    expect((await readFile(note, 'utf8')).split('\n').slice(0, 2)).toEqual([commit, etag]);
  });
});

judge('hf download --repo-type dataset', ['python'], () => {
  it('hf finds a dataset that we downloaded, and verifies it', async () => {
    const id = 'org/set';
    const files = [text('README.md', '# A set\n'), weights('data/train.parquet', 1_300_000)];
    await using world = await openJudgeWorld([{ id: `datasets/${id}`, files }]);
    const path = (await world.haulyard('download', id, '--type', 'dataset')).trim().split('\n').at(-2)!;
    const since = world.hub.requests.length;
    const found = await world.output('hf', ['download', id, '--repo-type', 'dataset', '--quiet']);
    expect([found.trim(), servedBytes(world.hub, since)]).toEqual([path, 0]);
    await expectRightFiles(path, files);
    const verified = await world.output('hf', ['cache', 'verify', id, '--repo-type', 'dataset']);
    expect(verified).toMatch(/all checksums match/i);
  });
});

judge('hf cache verify, after a move', ['python'], () => {
  it('hf finds the model by its link, and every checksum matches', async () => {
    await using world = await openJudgeWorld([SMALL_PARAKEET]);
    await world.haulyard('download', ID);
    const drive = join(world.root, 'drive', 'hub');
    await world.haulyard('relocate', ID, drive);
    const since = world.hub.requests.length;
    const verify = ['cache', 'verify', ID];
    expect(await world.output('hf', verify)).toMatch(/all checksums match/i);
    expect(await world.output('hf', [...verify, '--cache-dir', drive])).toMatch(/all checksums match/i);
    const found = await world.output('hf', ['download', ID, '--quiet']);
    await expectRightFiles(found.trim(), FILES);
    expect(servedBytes(world.hub, since)).toBe(0);
  });
});
