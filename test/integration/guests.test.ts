import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OWNER_FILE } from '../../src/engine/serve/address.ts';
import { GATED } from '../hub/fixtures/odd.ts';
import { type CliWorld, type JsonLine, openCliWorld, type RunningCli } from './cli-world.ts';
import { MIB } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(6 * MIB);
const OTHER = oneFile(2 * MIB, 'org/other');
const ID = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 1_000_000 } };
const FAST = { totalBytesPerSecond: null };
const DOWNLOAD = ['download', ID, '--chunk-size', '1MiB', '--json'];
const hasBytes = ({ receivedBytes }: JsonLine) => Number(receivedBytes) > 0;

/** An owner in the middle of a download, and a guest that follows the same. */
async function ownerAndGuest(world: CliWorld, guestArgs: readonly string[] = DOWNLOAD) {
  const owner = world.start(DOWNLOAD);
  await owner.event('progress', hasBytes);
  const guest = world.start(guestArgs);
  await guest.line((line) => line.includes('ownloading'));
  return { owner, guest };
}

async function expectDone(world: CliWorld): Promise<void> {
  const { stdout } = await world.run(['path', ID]);
  await expectRightFiles(stdout.trimEnd(), REPOSITORY.files!);
}

const idOf = async (running: RunningCli) => String((await running.event('progress')).download);

describe('a second command on one data folder', () => {
  it('follows the download that runs, with the same lines and exit code', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world);
    world.hub.conditions.set(FAST);
    const [first, second] = [await owner.ended, await guest.ended];
    expect([first.code, second.code, second.stderr]).toEqual([0, 0, '']);
    expect(second.json().at(-1)).toEqual(first.json().at(-1));
    const progress = second.json().filter(({ event }) => event === 'progress');
    for (const line of progress) expect(Object.keys(line)).not.toContain('files');
    await expectDone(world);
  });

  it('adds another download to the queue of the first, which brings both', async () => {
    await using world = await openCliWorld([REPOSITORY, OTHER], SLOW);
    const owner = world.start(DOWNLOAD);
    await owner.event('progress', hasBytes);
    const guest = world.start(['download', OTHER.id, '--json']);
    await guest.event('progress', hasBytes);
    world.hub.conditions.set(FAST);
    expect(await owner.ended).toMatchObject({ code: 0 });
    const { code, json } = await guest.ended;
    expect(code).toBe(0);
    expect(json().at(-1)).toMatchObject({ event: 'done', snapshot: expect.stringContaining('org--other') });
    for (const line of json()) expect(line.download).toBe(json()[0]?.download);
  });

  it('fails with the exit code of the reason, and the first continues', async () => {
    await using world = await openCliWorld([REPOSITORY, GATED], SLOW);
    const owner = world.start(DOWNLOAD);
    await owner.event('progress', hasBytes);
    const gated = await world.run(['download', GATED.id, '--json']);
    expect([gated.code, gated.json().at(-1)]).toMatchObject([3, { event: 'failed', code: 'Gated' }]);
    expect(await world.run(['download', 'org/none'])).toMatchObject({ code: 4 });
    world.hub.conditions.set(FAST);
    expect(await owner.ended).toMatchObject({ code: 0 });
  });

  it('uses its own token for its own download, and for no other', async () => {
    await using world = await openCliWorld([REPOSITORY, GATED], SLOW);
    const owner = world.start(DOWNLOAD);
    await owner.event('progress', hasBytes);
    const env = { HF_TOKEN: 'hf_local_granted' };
    expect(await world.run(['download', GATED.id, '--json'], { env })).toMatchObject({ code: 0 });
    expect(await world.run(['download', GATED.id, '--revision', 'main~1'])).toMatchObject({ code: 2 });
    world.hub.conditions.set(FAST);
    await owner.ended;
    const authorized = world.hub.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(authorized.length).toBeGreaterThan(0);
    for (const { url } of authorized) expect(url).toContain(GATED.id);
  });

  it('leaves the download running when it is interrupted, and says how to pause it', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world, DOWNLOAD.slice(0, -1));
    guest.process.kill('SIGINT');
    const { code, stderr } = await guest.ended;
    const id = await idOf(owner);
    expect(code).toBe(130);
    expect(stderr).toMatch(/continues in haulyard download\. To pause it: haulyard pause \w+\n$/);
    expect(stderr).toContain(id);
    world.hub.conditions.set(FAST);
    expect(await owner.ended).toMatchObject({ code: 0 });
  });

  it('says in its last JSON line where the download continues', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { guest } = await ownerAndGuest(world);
    guest.process.kill('SIGTERM');
    const { code, json } = await guest.ended;
    expect(code).toBe(130);
    expect(json().at(-1)).toMatchObject({ event: 'stopped', continuesIn: 'haulyard download' });
  });

  it('sees that the download was paused, and goes on with it', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world);
    const id = await idOf(owner);
    expect((await world.run(['pause', id.slice(0, 5), '--json'])).json()).toEqual([{ paused: [id] }]);
    await guest.event('progress', ({ state }) => state === 'paused');
    const resumed = world.start(['resume', id, '--json']);
    await resumed.event('progress', ({ state }) => state === 'downloading');
    world.hub.conditions.set(FAST);
    expect([(await owner.ended).code, (await guest.ended).code, (await resumed.ended).code]).toEqual([
      0, 0, 0,
    ]);
  });

  it('ends when somebody cancels the download', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world);
    expect(await world.run(['cancel', await idOf(owner)])).toMatchObject({ code: 0, stderr: '' });
    for (const running of [owner, guest]) {
      const { code, json } = await running.ended;
      expect([code, json().at(-1)]).toMatchObject([130, { event: 'failed', code: 'Cancelled' }]);
    }
  });

  it.each([
    ['--cache-dir', '/elsewhere', 'the cache'],
    ['--endpoint', 'http://127.0.0.1:9', 'the Hugging Face address'],
    ['--limit', '3MB/s', 'one limit for all'],
  ])('refuses %s where the owner has another, and names both', async (option, value, subject) => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const owner = world.start(DOWNLOAD);
    await owner.event('progress', hasBytes);
    const { code, stderr } = await world.run(['download', ID, option, value]);
    expect(code).toBe(2);
    expect(stderr).toContain(subject);
    expect(stderr).toContain('haulyard download (process');
    if (option !== '--limit') expect(stderr).toContain(value);
    // What the settings do not matter for works.
    expect(
      await world.run([
        'status',
        option === '--limit' ? '--quiet' : option,
        ...(option === '--limit' ? [] : [value]),
      ]),
    ).toMatchObject({ code: 0 });
  });
});

describe('when the owner ends', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('by %s, a waiting guest continues by itself', async (signal) => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world);
    await owner.event('progress', ({ chunksDone }) => Number(chunksDone) > 0);
    owner.process.kill(signal);
    await owner.ended;
    world.hub.conditions.set(FAST);
    const { code, json, stderr } = await guest.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(json()).toContainEqual(expect.objectContaining({ event: 'rescued', source: 'ledger' }));
    expect(json().at(-1)).toMatchObject({ event: 'done' });
    await expectDone(world);
  });

  it('leaves what was paused paused', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world);
    const id = await idOf(owner);
    await world.run(['pause', id]);
    await guest.event('progress', ({ state }) => state === 'paused');
    owner.process.kill('SIGKILL');
    await owner.ended;
    await expect.poll(() => ownerPid(world), { timeout: 10_000 }).toBe(guest.process.pid);
    const [{ downloads }] = (await world.run(['status', '--json'])).json() as [{ downloads: JsonLine[] }];
    expect(downloads).toMatchObject([{ state: 'paused' }]);
    const next = world.start(['resume', id, '--json']);
    await next.event('progress', ({ state }) => state === 'downloading');
    world.hub.conditions.set(FAST);
    expect([(await next.ended).code, (await guest.ended).code]).toEqual([0, 0]);
  });

  it('all guests come to the end with it, one of them as the owner', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { owner, guest } = await ownerAndGuest(world);
    const others = [world.start(DOWNLOAD), world.start(DOWNLOAD)];
    await Promise.all(others.map((other) => other.event('progress', hasBytes)));
    owner.process.kill('SIGKILL');
    await owner.ended;
    world.hub.conditions.set(FAST);
    const ends = await Promise.all([guest, ...others].map((running) => running.ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const { json } of ends) expect(json().at(-1)).toMatchObject({ event: 'done' });
    await expectDone(world);
  });
});

describe('steering', () => {
  it('sets a limit that the owner keeps to at once, and that stays', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    expect((await world.run(['limit'])).stdout).toBe('No speed limit.\n');
    const owner = world.start([...DOWNLOAD, '--limit', '300KB/s']);
    await owner.event('progress', hasBytes);
    expect((await world.run(['limit', 'off', '--json'])).json()).toEqual([{ limitBytesPerSecond: null }]);
    expect(await owner.ended).toMatchObject({ code: 0 });
    expect((await world.run(['limit', '5MB/s'])).stdout).toBe('Speed limit: 5.0 MB/s.\n');
    expect((await world.run(['limit', '--json'])).json()).toEqual([{ limitBytesPerSecond: 5_000_000 }]);
  });

  it('moves a download to the front, with an owner and without', async () => {
    await using world = await openCliWorld([REPOSITORY, OTHER], SLOW);
    const ids: string[] = [];
    for (const args of [DOWNLOAD, ['download', OTHER.id, '--json']]) {
      const running = world.start(args);
      ids.push(await idOf(running));
      await running.event('progress', hasBytes);
      running.process.kill('SIGINT');
      await running.ended;
    }
    const order = async () => {
      const [{ downloads }] = (await world.run(['status', '--json'])).json() as [
        { downloads: { id: string }[] },
      ];
      return downloads.map(({ id }) => id);
    };
    expect((await world.run(['move', ids[1]!, '1', '--json'])).json()).toEqual([
      { moved: ids[1], position: 1 },
    ]);
    expect(await order()).toEqual([ids[1], ids[0]]);
    const owner = world.start(['resume', ids[1]!, '--json']);
    await owner.event('progress', hasBytes);
    expect(await world.run(['move', ids[1]!, '99'])).toMatchObject({ code: 0 });
    expect(await order()).toEqual(ids);
  });

  it('pauses what no program runs, so that none starts it again by itself', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(DOWNLOAD);
    await running.event('progress', hasBytes);
    running.process.kill('SIGKILL');
    await running.ended;
    expect(await world.run(['pause'])).toMatchObject({ code: 0 });
    const [{ downloads }] = (await world.run(['status', '--json'])).json() as [{ downloads: JsonLine[] }];
    expect(downloads).toMatchObject([{ state: 'paused' }]);
    expect((await world.run(['pause'])).stdout).toBe('Nothing to pause. No download is active.\n');
  });

  it('watches what others download, from before it starts until after it ended', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const watch = world.start(['watch']);
    await watch.line((line) => line.includes('Nothing is running'));
    const owner = world.start(DOWNLOAD);
    await watch.line((line) => line.includes('org/one: Downloading'));
    owner.process.kill('SIGINT');
    await owner.ended;
    watch.process.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('leaves a download to a process in the background, which ends with its queue', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const { code, json } = await world.run(['download', ID, '--detach', '--json']);
    expect([code, json()]).toMatchObject([0, [{ event: 'detached', program: 'haulyard background' }]]);
    const [{ pid, download }] = json() as [{ pid: number; download: string }];
    expect(() => process.kill(pid, 0)).not.toThrow();
    const guest = world.start(['resume', download, '--json']);
    await guest.event('progress', hasBytes);
    world.hub.conditions.set(FAST);
    expect(await guest.ended).toMatchObject({ code: 0 });
    await expectDone(world);
    await expect.poll(() => isThere(pid), { timeout: 15_000, interval: 200 }).toBe(false);
  });

  it('tells at once of a download in the background that the Hub does not have', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const { code, stderr } = await world.run(['download', 'org/none', '--detach']);
    expect([code, stderr]).toEqual([4, expect.stringContaining('org/none')]);
    const owner = await world.run(['status', '--json']);
    expect(owner.json()).toEqual([{ downloads: [], builds: [] }]);
    await endOwner(world);
  });
});

/** Whether a process runs. One that has ended stays in the list until its parent, or the first process, has looked. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/** Process of the owner that listens; null while none does. */
async function ownerPid(world: CliWorld): Promise<number | null> {
  const text = await readFile(join(world.dataDir, OWNER_FILE), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { readonly pid: number }).pid;
}

/** Nothing that runs may outlive the folders of a test. */
async function endOwner(world: CliWorld): Promise<void> {
  const pid = await ownerPid(world);
  if (pid === null) return;
  process.kill(pid, 'SIGTERM');
  await expect.poll(() => isThere(pid), { timeout: 15_000 }).toBe(false);
}
