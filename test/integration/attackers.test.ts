import { chown, mkdir, readFile, symlink } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import { errorOf, MIB, openWorld } from './harness.ts';
import { oneFile, text } from './repositories.ts';

const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'sub/constructor'];

describe('a hostile repository', () => {
  it('may call its files after what every object has', async () => {
    await using world = await openWorld([{ id: 'org/names', files: NAMES.map((name) => text(name, name)) }]);
    const engine = await world.open();
    const { done, id } = await engine.download({ reference: 'org/names' });
    for (const { path, blob } of done.files) expect(await readFile(blob, 'utf8')).toBe(path);
    const { files } = await engine.call('downloads.inspect', { id });
    expect(files.map(({ path }) => path).sort()).toEqual([...NAMES].sort());
  });

  it('cannot make a pattern stop the process', async () => {
    const hostile = Array.from({ length: 300 }, (_, index) =>
      text(`${'a-'.repeat(120)}${index}`, `${index}`),
    );
    await using world = await openWorld([
      { id: 'org/names', files: [...hostile, text('x-x-x-x-x.bin', 'x')] },
    ]);
    const engine = await world.open();
    const plan = await engine.call('downloads.plan', { reference: 'org/names', include: ['*-*-*-*-*.bin'] });
    expect(plan.files.map(({ path }) => path)).toEqual(['x-x-x-x-x.bin']);
  }, 10_000);
});

describe('a hostile server', () => {
  it('that does not speak HTTP is waited for, and named', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH_9.9\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await using world = await openWorld([]);
    const { port } = server.address() as AddressInfo;
    const engine = await world.open({ endpoint: `http://127.0.0.1:${port}` });
    const id = await engine.add({ reference: 'org/one' });
    const wait = await engine.waitFor('progress', ({ state }) => state === 'waiting');
    expect(wait.reason).toContain('127.0.0.1');
    await engine.call('downloads.pause', { id });
    server.close();
  });

  it('that repeats the token is not quoted, in events or in the ledger', async () => {
    const token = 'gateway-0123456789';
    await using world = await openWorld([oneFile(MIB)], { tokens: { [token]: { grants: 'all' } } });
    world.hub.faults.add({
      match: { path: /^\/api\/models\// },
      times: 100,
      answer: { status: 400, headers: { 'x-error-message': `Bad token ${token}` }, body: '' },
    });
    const engine = await world.open({ token });
    const { failed } = await engine.run({ reference: 'org/one' });
    expect(failed?.message).toContain('Bad token');
    expect(JSON.stringify(engine.events)).not.toContain('0123456789');
    expect((await readFile(join(world.dataDir, 'ledger.db'))).includes('0123456789')).toBe(false);
    expect((await readFile(join(world.dataDir, 'ledger.db-wal'))).includes('0123456789')).toBe(false);
  });
});

describe('a hostile folder', () => {
  it('that a doctored ledger names is not written to unasked', async () => {
    await using world = await openWorld([oneFile(MIB)]);
    world.hub.faults.add({ match: { path: /^\/api\/models\// }, times: 3, ...fault.serverError(503) });
    const first = await world.open({ cacheDir: join(world.root, 'elsewhere'), autoStart: true });
    const id = await first.add({ reference: 'org/one' });
    await first.close();
    const second = await world.open({ autoStart: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await second.view(id)).toMatchObject({
      state: 'paused',
      reason: expect.stringContaining(join(world.root, 'elsewhere')),
    });
    await second.call('downloads.resume', { id });
    expect((await second.ended(id)).done).not.toBeNull();
  });

  it.runIf(process.getuid?.() === 0)('behind a link to another user is refused', async () => {
    await using world = await openWorld([oneFile(MIB)]);
    const theirs = join(world.root, 'theirs');
    await mkdir(theirs);
    await chown(theirs, 65534, 65534);
    const repository = join(world.cacheDir, 'models--org--one');
    await mkdir(repository, { recursive: true });
    await symlink(theirs, join(repository, 'blobs'));
    const engine = await world.open();
    const { failed } = await engine.run({ reference: 'org/one' });
    expect(failed?.code).toBe('PathUnsafe');
  });
});

describe('a revision that no file can have as its name', () => {
  it.each(['a//b', '../x', 'a..b', 'x.', '.hidden', 'a:b'])(
    '%s is rejected before anything is requested',
    async (revision) => {
      await using world = await openWorld([oneFile(MIB)]);
      const engine = await world.open();
      const error = await errorOf(engine.add({ reference: 'org/one', revision }));
      expect(['PathUnsafe', 'BadRequest']).toContain(error.code);
      expect(world.hub.requests).toEqual([]);
    },
  );
});
