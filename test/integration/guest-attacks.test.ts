import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeMessage } from '../../src/engine/serve/frames.ts';
import { type CliWorld, openCliWorld, type RunningCli } from './cli-world.ts';
import { greet, knock, ownerFile, type RawGuest } from './guest-socket.ts';
import { MIB } from './harness.ts';
import { expectRightFiles, servedBytes } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const REPOSITORY = oneFile(6 * MIB);
const ID = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 1_000_000 } };
const FAST = { totalBytesPerSecond: null };
const DOWNLOAD = ['download', ID, '--chunk-size', '1MiB', '--json'];

/** Memory of a process, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

const openFiles = async (pid: number) => (await readdir(`/proc/${pid}/fd`)).length;
const onLinux = process.platform === 'linux';

describe('whoever knocks at the socket of an owner', () => {
  let world: CliWorld;
  let owner: RunningCli;
  beforeAll(async () => {
    world = await openCliWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 10_000 } });
    owner = world.start(['download', ID, '--json'], { timeLimitMs: 600_000 });
    await owner.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const pid = () => owner.process.pid ?? 0;
  const path = async () => (await ownerFile(world.dataDir)).socket;
  /** A regular guest is served, whatever was tried before. */
  const expectServed = async () => {
    const guest = await greet(world.dataDir);
    await guest.message(({ type }) => type === 'welcome');
    guest.send({ type: 'call', id: 1, name: 'snapshot', args: {} });
    expect(await guest.message(({ type }) => type === 'answer')).toMatchObject({
      id: 1,
      outcome: { ok: true },
    });
    guest.socket.destroy();
  };

  it('finds socket and secret for their user alone', async () => {
    for (const name of ['engine.sock', 'engine.json']) {
      expect([name, (await lstat(join(world.dataDir, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it.each([
    ['a wrong secret', { type: 'hello', secret: 'x'.repeat(43), protocol: 1, version: '0', program: 'p' }],
    ['no secret', { type: 'hello', protocol: 1, version: '0', program: 'p' }],
    ['a call before the hello', { type: 'call', id: 1, name: 'snapshot', args: {} }],
    ['something else', ['hello']],
    ['null', null],
  ])('with %s is answered nothing, and the connection ends', async (_name, first) => {
    const guest = await knock(await path());
    guest.send(first);
    guest.send({ type: 'call', id: 1, name: 'snapshot', args: {} });
    await guest.closed;
    expect(guest.received).toEqual([]);
    await expectServed();
  });

  it.each([
    ['a frame of 1 GB', Buffer.from([0x40, 0, 0, 0])],
    ['a frame of 16 MiB in place of the hello', Buffer.from([0x01, 0, 0, 0])],
    ['bytes that are no JSON', Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{]')])],
    ['bytes that are no UTF-8', Buffer.from([0, 0, 0, 3, 0x22, 0xff, 0x22])],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('with %s is cut off', async (_name, bytes) => {
    const guest = await knock(await path());
    guest.socket.write(bytes);
    await guest.closed;
    expect(guest.received).toEqual([]);
    await expectServed();
  });

  it('with half a frame is cut off after a while', async () => {
    const guest = await knock(await path());
    guest.socket.write(Buffer.from([0, 0, 0, 100, 0x7b]));
    await guest.closed;
    await expectServed();
  });

  it('is cut off when it breaks the protocol after a good hello', async () => {
    for (const bad of [{ type: 'open', settings: {} }, { type: 'call', id: -1, name: 'snapshot' }, 7]) {
      const guest = await greet(world.dataDir);
      await guest.message(({ type }) => type === 'welcome');
      guest.send(bad);
      await guest.closed;
    }
    await expectServed();
  });

  it('gets an error for commands and arguments that there are not', async () => {
    const guest = await greet(world.dataDir);
    const bad = [
      ['constructor', {}],
      ['__proto__', {}],
      ['preferences.set', { endpoint: 'http://evil' }],
      ['downloads.pause', { id: 7 }],
      ['downloads.add', { reference: '../../etc' }],
    ] as const;
    for (const [id, [name, args]] of bad.entries()) {
      guest.send({ type: 'call', id, name, args });
      expect(await guest.message((message) => message.id === id)).toMatchObject({
        outcome: { ok: false, error: { code: expect.stringMatching(/BadRequest|PathUnsafe/) } },
      });
    }
    guest.socket.destroy();
  });

  it('of another version is told so, by program and version', async () => {
    const guest = await greet(world.dataDir, { protocol: 99 });
    expect(await guest.message(() => true)).toMatchObject({
      type: 'refused',
      because: 'protocol',
      protocol: 1,
      program: 'haulyard download',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    await guest.closed;
  });

  it('cannot put a token into the owner: it is the guest’s own', async () => {
    const guest = await greet(world.dataDir);
    guest.send({ type: 'call', id: 1, name: 'token.set', args: { token: 'hf_of_a_guest' } });
    expect(await guest.message(({ id }) => id === 1)).toMatchObject({ outcome: { ok: true } });
    guest.socket.destroy();
    await expectServed();
    const sent = world.hub.requests.flatMap(({ headers }) => headers.authorization ?? []);
    expect(sent).toEqual([]);
  });

  it('never reading is cut off, and costs the owner little memory', {
    skip: !onLinux,
    timeout: 60_000,
  }, async () => {
    const guest = await greet(world.dataDir);
    await guest.message(({ type }) => type === 'welcome');
    const before = await memoryOf(pid());
    guest.socket.pause();
    guest.socket.setMaxListeners(0);
    let isClosed = false;
    void guest.closed.then(() => {
      isClosed = true;
    });
    // Each answer repeats the id of an unknown download; asked for until the owner has enough of it.
    const id = 'x'.repeat(60);
    for (let call = 0; call < 2_000_000 && !isClosed && !guest.socket.destroyed; call += 1) {
      const isRoomy = guest.socket.write(
        encodeMessage({ type: 'call', id: call, name: 'downloads.inspect', args: { id } }),
      );
      if (!isRoomy)
        await new Promise((resolve) => guest.socket.once('drain', resolve).once('close', resolve));
    }
    guest.socket.resume();
    await guest.closed;
    expect((await memoryOf(pid())) - before).toBeLessThan(150 * MIB);
    await expectServed();
  });

  it('in 10,000 connections at once costs the owner a hundred, and others are served afterwards', {
    skip: !onLinux,
    timeout: 60_000,
  }, async () => {
    const address = await path();
    const before = await openFiles(pid());
    let most = 0;
    for (let batch = 0; batch < 20; batch += 1) {
      const guests = await Promise.all(
        Array.from({ length: 500 }, () => knock(address).catch((): RawGuest | null => null)),
      );
      most = Math.max(most, (await openFiles(pid())) - before);
      for (const guest of guests) guest?.socket.destroy();
    }
    expect(most).toBeLessThan(120);
    await expect
      .poll(
        () =>
          expectServed().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    expect(await world.run(['status', '--json'])).toMatchObject({ code: 0 });
  });

  it('as the 65th guest is told that it is full', async () => {
    const guests: RawGuest[] = [];
    for (let count = 0; count < 64; count += 1) {
      const guest = await greet(world.dataDir);
      await guest.message(({ type }) => type === 'welcome');
      guests.push(guest);
    }
    const last = await greet(world.dataDir);
    expect(await last.message(() => true)).toMatchObject({ type: 'refused', because: 'full' });
    const { code, stderr } = await world.run(['pause', 'x']);
    expect([code, stderr]).toEqual([8, expect.stringContaining('as many programs as it can')]);
    for (const guest of guests) guest.socket.destroy();
    await expect
      .poll(
        () =>
          expectServed().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)('as another user reaches neither socket nor secret', async () => {
    // Only the two files themselves are left to protect it.
    await chmod(world.root, 0o755);
    await chmod(world.dataDir, 0o755);
    const script = `
      const fs = require('fs');
      try { fs.readFileSync(process.argv[1] + '/engine.json'); console.log('read'); } catch (e) { console.log(e.code); }
      require('net').connect(process.argv[1] + '/engine.sock').on('connect', () => { console.log('in'); process.exit(); })
        .on('error', (e) => { console.log(e.code); process.exit(); });`;
    const child = spawn(process.execPath, ['-e', script, world.dataDir], {
      uid: 65534,
      gid: 65534,
      cwd: '/',
    });
    let told = '';
    child.stdout.on('data', (part) => {
      told += String(part);
    });
    await new Promise((resolve) => child.on('close', resolve));
    await chmod(world.dataDir, 0o700);
    expect(told).toBe('EACCES\nEACCES\n');
  });
});

describe('a command that looks for an owner', () => {
  /** Plays an owner that listens, for a ledger that a living process owns. */
  async function play(world: CliWorld, onConnection: (socket: import('node:net').Socket) => void, over = {}) {
    const socket = join(world.root, 'played.sock');
    const server = createServer(onConnection);
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    await mkdir(world.dataDir, { recursive: true, mode: 0o700 });
    const file = { protocol: 1, socket, secret: 's', pid: process.pid, program: 'Haulyard', ...over };
    await writeFile(join(world.dataDir, 'engine.json'), JSON.stringify(file), { mode: 0o600 });
    return { server, [Symbol.dispose]: () => void server.close() };
  }

  it('says which versions do not understand each other', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const reply = {
      type: 'refused',
      because: 'protocol',
      protocol: 3,
      version: '3.1.0',
      program: 'Haulyard',
      pid: 7,
    };
    using _played = await play(world, (socket) => socket.end(encodeMessage(reply)));
    const { code, stderr } = await world.run(['download', ID]);
    expect(code).toBe(8);
    expect(stderr).toMatch(
      /Haulyard \(process 7\) is version 3\.1\.0, this command is \d+\.\d+\.\d+.*Quit Haulyard or update it/,
    );
  });

  it('does not wait for ever for one that does not answer', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    using _played = await play(world, () => undefined);
    const { code, stderr } = await world.run(['download', ID]);
    expect([code, stderr]).toEqual([8, expect.stringContaining('does not answer')]);
  });

  it.each([
    ['garbage', (socket: import('node:net').Socket) => socket.end('garbage that is no frame at all')],
    ['an end', (socket: import('node:net').Socket) => socket.end()],
    ['a frame of 1 GB', (socket: import('node:net').Socket) => socket.write(Buffer.from([0x40, 0, 0, 0]))],
  ])('owns the ledger itself where the socket answers %s and nobody has the lock', async (_name, answer) => {
    await using world = await openCliWorld([REPOSITORY]);
    using _played = await play(world, answer);
    expect(await world.run(['download', ID])).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not tell its secret to a socket or a file of somebody else', {
    skip: process.getuid?.() !== 0,
  }, async () => {
    await using world = await openCliWorld([REPOSITORY]);
    let heard = 0;
    const socket = join(world.root, 'played.sock');
    using _played = await play(world, () => {
      heard += 1;
    });
    execFileSync('chown', ['65534', socket]);
    expect(await world.run(['download', ID])).toMatchObject({ code: 0 });
    expect(heard).toBe(0);
  });

  it('takes over what a killed owner left at its place', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const first = world.start(DOWNLOAD);
    await first.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    first.process.kill('SIGKILL');
    await first.ended;
    expect(existsSync(join(world.dataDir, 'engine.sock'))).toBe(true);
    const second = world.start(DOWNLOAD);
    await second.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    expect((await ownerFile(world.dataDir)).pid).toBe(second.process.pid);
    world.hub.conditions.set(FAST);
    expect((await world.run(DOWNLOAD)).code).toBe(0);
    expect((await second.ended).code).toBe(0);
    expect((await readdir(world.dataDir)).filter((name) => name.startsWith('engine'))).toEqual([]);
  });

  it('finds an owner whose data folder has a path that is too long for a socket', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const dataDir = join(world.root, 'd'.repeat(120));
    const env = { HAULYARD_DATA_DIR: dataDir, TMPDIR: join(world.root, 'tmp') };
    await mkdir(env.TMPDIR);
    const owner = world.start(DOWNLOAD, { env });
    await owner.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    const { socket } = await ownerFile(dataDir);
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(100);
    expect((await lstat(join(socket, '..'))).mode & 0o777).toBe(0o700);
    const guest = world.start(DOWNLOAD, { env });
    await guest.event('progress');
    world.hub.conditions.set(FAST);
    expect([(await owner.ended).code, (await guest.ended).code]).toEqual([0, 0]);
    expect(existsSync(socket)).toBe(false);
  });

  it('does not listen in a folder that others may write to', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const tmp = join(world.root, 'tmp');
    const dataDir = join(world.root, 'd'.repeat(120));
    await mkdir(join(tmp, `haulyard-${process.getuid?.()}`), { recursive: true, mode: 0o777 });
    await chmod(join(tmp, `haulyard-${process.getuid?.()}`), 0o777);
    const env = { HAULYARD_DATA_DIR: dataDir, TMPDIR: tmp };
    const owner = world.start(DOWNLOAD, { env });
    await owner.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    expect((await ownerFile(dataDir)).socket).not.toContain(tmp);
    world.hub.conditions.set(FAST);
    expect((await owner.ended).code).toBe(0);
  });

  it('finds an owner that can make no socket in its data folder', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const env = { TMPDIR: join(world.root, 'tmp') };
    await mkdir(env.TMPDIR);
    // A folder with something in it at its place: as on a volume without sockets, making one fails.
    await mkdir(join(world.dataDir, 'engine.sock', 'in the way'), { recursive: true });
    const owner = world.start(DOWNLOAD, { env });
    await owner.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0);
    expect((await ownerFile(world.dataDir)).socket).toContain(env.TMPDIR);
    const guest = world.start(DOWNLOAD, { env });
    await guest.event('progress');
    world.hub.conditions.set(FAST);
    expect([(await owner.ended).code, (await guest.ended).code]).toEqual([0, 0]);
  });

  it('is one of several at the same instant, and one of them owns it', async () => {
    await using world = await openCliWorld([REPOSITORY], SLOW);
    const all = Array.from({ length: 5 }, () => world.start(DOWNLOAD, { timeLimitMs: 60_000 }));
    await Promise.all(
      all.map((each) => each.event('progress', ({ receivedBytes }) => Number(receivedBytes) > 0)),
    );
    expect(all.map(({ process: { pid } }) => pid)).toContain((await ownerFile(world.dataDir)).pid);
    world.hub.conditions.set(FAST);
    const ends = await Promise.all(all.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    const { stdout } = await world.run(['path', ID]);
    await expectRightFiles(stdout.trimEnd(), REPOSITORY.files!);
    // Two owners would have fetched it twice.
    expect(servedBytes(world.hub)).toBeLessThan(1.5 * 6 * MIB);
  }, 60_000);
});
