import { describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from './cli-world.ts';
import { MIB } from './harness.ts';
import { expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(4 * MIB);
const ID = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 1_000_000 } };
const FAST = { totalBytesPerSecond: null };
const ARGS = ['download', ID, '--chunk-size', '1MiB'];
/** Over one stream, chunks are finished one after the other. */
const CHUNK_BY_CHUNK = [...ARGS, '--workers', '1', '--json'];
/** Node 20 as far as the launcher can see: it reads nothing else. */
const OLD_NODE = [
  '--import',
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.0.0"}})',
];

async function idOf(world: CliWorld): Promise<string> {
  const [{ downloads }] = (await world.run(['status', '--json'])).json() as [{ downloads: [{ id: string }] }];
  return downloads[0].id;
}

async function expectDone(world: CliWorld): Promise<void> {
  const { stdout } = await world.run(['path', ID]);
  await expectRightFiles(stdout.trimEnd(), REPOSITORY.files!);
}

describe('a stopped download', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'reports on %s what is safe and how to continue',
    async (name) => {
      await using world = await openCliWorld([REPOSITORY], SLOW);
      const running = world.start(ARGS);
      await world.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 200_000);
      running.process.kill(name);
      const { code, stderr } = await running.ended;
      expect(code).toBe(130);
      const id = await idOf(world);
      expect(stderr).toMatch(
        /^haulyard: Stopped\. .* of org\/one is saved\. To continue: haulyard resume \w+\n$/,
      );
      expect(stderr).toContain(`haulyard resume ${id}`);

      world.hub.conditions.set(FAST);
      expect(await world.run(['resume', id.slice(0, 4)])).toMatchObject({ code: 0 });
      await expectDone(world);
    },
  );

  it('goes on when the terminal is closed behind nohup', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(ARGS, { through: 'nohup' });
    await world.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 200_000);
    running.process.kill('SIGHUP');
    world.hub.conditions.set(FAST);
    expect(await running.ended).toMatchObject({ code: 0 });
    await expectDone(world);
  });

  it('stops on SIGTERM behind nohup', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(ARGS, { through: 'nohup' });
    await world.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 200_000);
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 130 });
  });

  it('ends its JSON lines with what is safe', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start([...ARGS, '--json']);
    await running.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    running.process.kill('SIGINT');
    const { code, json, stderr } = await running.ended;
    expect([code, stderr]).toEqual([130, '']);
    const last = json().at(-1)!;
    expect(last).toMatchObject({ event: 'stopped', resume: `haulyard resume ${await idOf(world)}` });
    expect(last.safeBytes).toBeGreaterThan(0);
  });

  it('is shown by status as interrupted', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(CHUNK_BY_CHUNK);
    await running.event('progress', ({ chunksDone }) => Number(chunksDone) > 0);
    running.process.kill('SIGKILL');
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
    const { json } = await world.run(['status', '--json']);
    expect(json()).toMatchObject([
      {
        downloads: [
          {
            id: expect.any(String),
            repo: ID,
            variant: null,
            state: 'downloading',
            reason: expect.stringContaining('haulyard resume'),
            files: [{ chunksTotal: 4, receivedBytes: expect.any(Number) }],
          },
        ],
      },
    ]);
  });

  it('resumes after kill -9 with what was saved', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(CHUNK_BY_CHUNK);
    await running.event('progress', ({ chunksDone }) => Number(chunksDone) > 1);
    running.process.kill('SIGKILL');
    await running.ended;
    const before = servedBytes(world.hub);
    world.hub.conditions.set(FAST);
    const { code, json } = await world.run(['resume', '--json']);
    expect(code).toBe(0);
    expect(json()).toContainEqual(expect.objectContaining({ event: 'rescued', source: 'ledger' }));
    expect(servedBytes(world.hub) - before).toBeLessThan(3.5 * MIB);
    await expectDone(world);
  });

  it('is continued by the same command', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start([...ARGS, '--json']);
    const { download } = await running.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    running.process.kill('SIGINT');
    await running.ended;
    world.hub.conditions.set(FAST);
    const { code, json } = await world.run([...ARGS, '--json']);
    expect(code).toBe(0);
    expect(json().at(-1)).toMatchObject({ event: 'done', download });
  });

  it('can be cancelled, and its partial goes', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start([...ARGS, '--json']);
    const { download } = await running.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    running.process.kill('SIGINT');
    await running.ended;
    expect((await world.run(['list'])).stdout).toContain('.incomplete');
    expect((await world.run(['cancel', String(download), '--json'])).json()).toEqual([
      { cancelled: download, keptPartial: false },
    ]);
    expect((await world.run(['list'])).stdout).not.toContain('.incomplete');
    expect(await world.run(['resume'])).toMatchObject({
      code: 0,
      stdout: 'Nothing to resume. No download is unfinished.\n',
    });
  });

  it('can be cancelled with its partial kept', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start(CHUNK_BY_CHUNK);
    const { download } = await running.event('progress', ({ chunksDone }) => Number(chunksDone) > 0);
    running.process.kill('SIGINT');
    await running.ended;
    expect(await world.run(['cancel', String(download), '--keep-partial'])).toMatchObject({ code: 0 });
    expect((await world.run(['list'])).stdout).toContain('.incomplete');
  });
});

describe('the reader of the output', () => {
  it('may go away without ending the download', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start([...ARGS, '--json']);
    await running.event('resolved');
    running.process.stdout?.destroy();
    world.hub.conditions.set(FAST);
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    await expectDone(world);
  });
});

describe('the launcher on an old Node', () => {
  const options = { nodeOptions: OLD_NODE };

  it('runs the program on the Node of the project', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    expect(await world.run(['download', ID], options)).toMatchObject({ code: 0, stderr: '' });
    await expectDone(world);
  });

  it('passes exit codes on', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    expect(await world.run(['path', ID], options)).toMatchObject({ code: 4 });
  });

  it('passes a signal on and waits for the clean stop', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const running = world.start([...ARGS, '--json'], options);
    await running.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    running.process.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 130, signal: null });
    expect(await world.run(['resume', '--json'])).toMatchObject({ code: 0 });
  });

  it('leaves no orphan behind when it is killed', async () => {
    await using world = await openCliWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 100_000 } });
    const running = world.start([...ARGS, '--json'], options);
    await running.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    running.process.kill('SIGKILL');
    // The streams close only when the program has gone too.
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
    world.hub.conditions.set(FAST);
    expect(await world.run(['resume'])).toMatchObject({ code: 0 });
    await expectDone(world);
  });
});
