import { lstat, mkdir, readdir, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from './cli-world.ts';
import { errorOf, MIB, openWorld } from './harness.ts';
import { expectRightFiles, flipByte, servedBytes } from './on-disk.ts';
import { oneFile, SMALL_PARAKEET } from './repositories.ts';

const ID = SMALL_PARAKEET.id;
const FOLDER = `models--${ID.replace('/', '--')}`;
const FILES = SMALL_PARAKEET.files!;

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

describe('moving a model to another folder', () => {
  it('leaves a link by which everything still finds it, and every byte is verified', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: ID });
    const to = join(world.root, 'drive', 'hub');
    const report = await engine.call('library.relocate', { reference: ID, to });
    expect(report).toMatchObject({ repo: ID, from: join(world.cacheDir, FOLDER), to: join(to, FOLDER) });
    expect(await realpath(join(world.cacheDir, FOLDER))).toBe(join(to, FOLDER));
    await expectRightFiles(done.snapshot, FILES);
    const { models, warnings } = await engine.call('library.list', {});
    expect([models, warnings]).toMatchObject([[{ repo: ID, complete: true, verifiedOk: true }], []]);
    const since = world.hub.requests.length;
    await engine.download({ reference: ID });
    expect(servedBytes(world.hub, since)).toBe(0);
    expect(await readdir(join(to, '.locks'))).toEqual([]);
    // Nothing but the link is left of the original.
    expect((await readdir(world.cacheDir)).filter((name) => name.startsWith('.haulyard'))).toEqual([]);
  });

  it('goes back the same way, and from one drive to the next, and is removed with its link', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    await engine.download({ reference: ID });
    const move = (to: string) => engine.call('library.relocate', { reference: ID, to });
    const [one, two] = [join(world.root, 'one'), join(world.root, 'two')];
    await move(one);
    await move(two);
    expect([await exists(join(one, FOLDER)), await readlink(join(world.cacheDir, FOLDER))]).toEqual([
      false,
      join(two, FOLDER),
    ]);
    await move(world.cacheDir);
    expect((await lstat(join(world.cacheDir, FOLDER))).isDirectory()).toBe(true);
    expect(await exists(join(two, FOLDER))).toBe(false);
    await move(one);
    const { freedBytes } = await engine.call('library.remove', { reference: ID });
    expect(freedBytes).toBeGreaterThan(5_000_000);
    expect([await exists(join(one, FOLDER)), await exists(join(world.cacheDir, FOLDER))]).toEqual([
      false,
      false,
    ]);
  });

  it('moves nothing that is damaged, and leaves it where it is', async () => {
    await using world = await openWorld([oneFile(2 * MIB)]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'org/one' });
    await flipByte(done.files[0]!.blob, 99);
    const to = join(world.root, 'drive');
    const error = await errorOf(engine.call('library.relocate', { reference: 'org/one', to }));
    expect([error.code, error.details.remedy]).toEqual(['HashMismatch', 'repair']);
    expect((await lstat(join(world.cacheDir, 'models--org--one'))).isDirectory()).toBe(true);
    await engine.call('library.verify', { reference: 'org/one', repair: true });
    await engine.call('library.relocate', { reference: 'org/one', to });
    await expectRightFiles(done.snapshot, oneFile(2 * MIB).files!);
  });

  it('continues what was begun, even from a piece that a power failure damaged', async () => {
    await using world = await openWorld([oneFile(2 * MIB)]);
    const engine = await world.open();
    const { done } = await engine.download({ reference: 'org/one' });
    const to = join(world.root, 'drive');
    const blobs = join(to, '.locks', 'haulyard-moving-models--org--one', 'blobs');
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, `${done.files[0]!.hash}.part`), Buffer.alloc(MIB, 7));
    await engine.call('library.relocate', { reference: 'org/one', to });
    await expectRightFiles(done.snapshot, oneFile(2 * MIB).files!);
  });

  it('refuses a folder that has the model already, one inside the model, and an unfinished model', async () => {
    await using world = await openWorld([SMALL_PARAKEET]);
    const engine = await world.open();
    await engine.download({ reference: ID });
    const move = (to: string) => errorOf(engine.call('library.relocate', { reference: ID, to }));
    const taken = join(world.root, 'taken');
    await mkdir(join(taken, FOLDER), { recursive: true });
    expect((await move(taken)).message).toContain('is there already');
    expect((await move(join(world.cacheDir, FOLDER, 'in'))).message).toContain('inside the model');
    await writeFile(join(world.cacheDir, FOLDER, 'blobs', 'x.incomplete'), 'x');
    expect((await move(join(world.root, 'new'))).message).toContain('unfinished');
    expect((await lstat(join(world.cacheDir, FOLDER))).isDirectory()).toBe(true);
  });
});

describe('a move that is killed', () => {
  /** Kills the command as soon as `isTime` holds. */
  async function killed(world: CliWorld, to: string, isTime: () => Promise<boolean>): Promise<void> {
    const running = world.start(['relocate', 'org/one', to]);
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    while (!hasEnded && !(await isTime())) await new Promise(setImmediate);
    running.process.kill('SIGKILL');
    await running.ended;
  }

  it('is continued by the same command, whenever it was, and no byte is lost', async () => {
    await using world = await openCliWorld([oneFile(24 * MIB)]);
    await world.run(['download', 'org/one']);
    const to = join(world.root, 'drive');
    const staged = join(to, '.locks', 'haulyard-moving-models--org--one');
    const cached = join(world.cacheDir, 'models--org--one');
    await killed(world, to, async () => exists(join(staged, 'blobs')));
    await killed(world, to, async () => exists(join(staged, 'snapshots')));
    await killed(world, to, async () => exists(join(to, 'models--org--one')));
    const { code } = await world.run(['relocate', 'org/one', to]);
    expect(code).toBe(0);
    expect(await realpath(cached)).toBe(join(to, 'models--org--one'));
    const { stdout } = await world.run(['path', 'org/one']);
    await expectRightFiles(stdout.trim(), oneFile(24 * MIB).files!);
    expect((await world.run(['verify', 'org/one'])).code).toBe(0);
  });
});
