import { access, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorOf, MIB, openWorld } from './harness.ts';
import { bytesOf, expectRightFiles, servedBytes, sha256 } from './on-disk.ts';
import { oneFile, SMALL_PARAKEET, text, WEIGHTS, weights } from './repositories.ts';

const FILES = SMALL_PARAKEET.files!;
const ID = SMALL_PARAKEET.id;

describe('a download into a local folder', () => {
  it('puts the files themselves there, with the notes of huggingface_hub, and nothing into the cache', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const folder = join(world.root, 'models', 'here');
    const { done } = await engine.download({ reference: ID, localDir: folder });
    expect(done.snapshot).toBe(folder);
    await expectRightFiles(folder, FILES);
    expect((await engine.call('library.list', {})).models).toEqual([]);
    const notes = join(folder, '.cache', 'huggingface');
    const [commit, etag, seconds, rest] = (
      await readFile(join(notes, 'download', `${WEIGHTS}.metadata`), 'utf8')
    ).split('\n');
    const weightsHash = done.files.find(({ path }) => path === WEIGHTS)!.hash;
    expect([commit, etag, rest]).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/), weightsHash, '']);
    // huggingface_hub believes the note while the file is not younger.
    expect(Number(seconds) + 1).toBeGreaterThanOrEqual((await stat(join(folder, WEIGHTS))).mtimeMs / 1000);
    expect(await readFile(join(notes, '.gitignore'), 'utf8')).toBe('*');
  });

  it('downloads nothing again, by whatever name the folder is reached', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const folder = join(world.root, 'here');
    const first = await engine.download({ reference: ID, localDir: folder });
    await symlink(folder, join(world.root, 'there'));
    const since = world.hub.requests.length;
    const again = await engine.download({ reference: ID, localDir: join(world.root, 'there') });
    expect([again.id, servedBytes(world.hub, since)]).toEqual([first.id, 0]);
  });

  it('copies what the cache has, so that editing it changes no model', async () => {
    await using world = await openWorld([oneFile(2 * MIB)]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'org/one' });
    const folder = join(world.root, 'here');
    const since = world.hub.requests.length;
    await engine.download({ reference: 'org/one', localDir: folder });
    expect(servedBytes(world.hub, since)).toBe(0);
    const [ours, cached] = [await stat(join(folder, WEIGHTS)), await stat(done.files[0]!.blob)];
    expect([ours.nlink, cached.nlink, ours.ino === cached.ino]).toEqual([1, 1, false]);
  });

  it('repairs a file of the right length that is wrong, and writes through no link', async () => {
    await using world = await openWorld([oneFile(2 * MIB + 5)]);
    const engine = await world.open();
    const folder = join(world.root, 'here');
    const outside = join(world.root, 'outside');
    await mkdir(folder);
    await writeFile(join(folder, WEIGHTS), Buffer.alloc(2 * MIB + 5));
    await engine.download({ reference: 'org/one', localDir: folder });
    await expectRightFiles(folder, oneFile(2 * MIB + 5).files!);
    const other = join(world.root, 'other');
    await mkdir(other);
    await writeFile(outside, 'mine');
    await symlink(outside, join(other, WEIGHTS));
    await engine.download({ reference: 'org/one', localDir: other });
    await expectRightFiles(other, oneFile(2 * MIB + 5).files!);
    expect(await readFile(outside, 'utf8')).toBe('mine');
  });

  it('continues from what huggingface_hub left unfinished', async () => {
    await using world = await openWorld([oneFile(3 * MIB)]);
    const engine = await world.open();
    const folder = join(world.root, 'here');
    const bytes = await bytesOf(oneFile(3 * MIB).files![0]!);
    const notes = join(folder, '.cache', 'huggingface', 'download');
    await mkdir(notes, { recursive: true });
    await writeFile(join(notes, `Ab-_cdEFgh12=.${sha256(bytes)}.incomplete`), bytes.subarray(0, 2 * MIB));
    const since = world.hub.requests.length;
    await engine.download({ reference: 'org/one', localDir: folder });
    await expectRightFiles(folder, oneFile(3 * MIB).files!);
    expect(servedBytes(world.hub, since)).toBe(MIB);
  });

  it('refuses a file that would be taken for a note, and a path that is not whole', async () => {
    const hostile = {
      id: 'org/notes',
      files: [weights('.Cache/huggingface/download/x.metadata', 300), text('a', 'b')],
    };
    await using world = await openWorld([hostile]);
    const engine = await world.open();
    const folder = join(world.root, 'here');
    const { failed } = await engine.run({ reference: 'org/notes', localDir: folder });
    expect(failed?.code).toBe('PathUnsafe');
    await expect(access(join(folder, '.Cache'))).rejects.toThrow();
    expect((await errorOf(engine.add({ reference: 'org/notes', localDir: 'here' }))).code).toBe('BadRequest');
  });
});
