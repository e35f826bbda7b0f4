import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MIB, openWorld } from './harness.ts';
import { multicastPort } from './multicast.ts';
import { expectRightFiles } from './on-disk.ts';
import { oneFile } from './repositories.ts';

const port = await multicastPort();
const network = { interface: '127.0.0.1', port: port ?? 0 };
const REPOSITORY = oneFile(9 * MIB + 77);
const reference = REPOSITORY.id;

it.skipIf(port === null)(
  'one computer shares what it has, and another one finds it and takes it from there',
  async () => {
    await using world = await openWorld([REPOSITORY]);
    const studio = await world.open({ mayShare: true, network });
    await studio.download({ reference });
    expect(await studio.call('sharing.status', {})).toMatchObject({ state: 'off', models: 0 });
    await studio.call('settings.set', { sharing: true });
    expect(await studio.call('sharing.status', {})).toMatchObject({ state: 'on', models: 1, problem: null });

    world.hub.conditions.set({ totalBytesPerSecond: 500_000 });
    const sentBefore = world.hub.requests.length;
    const book = await world.open({
      dataDir: join(world.root, 'book-data'),
      cacheDir: join(world.root, 'book-cache'),
      network,
    });
    await book.call('settings.set', { usePeers: true });
    const { done } = await book.download({ reference });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    const [source] = done.sources ?? [];
    expect(source).toMatchObject({ kind: 'peer', bytes: expect.any(Number) });
    expect(source?.name).not.toMatch(/\([0-9a-f]{8}\)/);
    expect(source?.bytes).toBeGreaterThan(5 * MIB);
    const sent = world.hub.requests.slice(sentBefore).filter(({ origin }) => origin === 'cdn');
    expect(sent.reduce((sum, { bytesSent }) => sum + bytesSent, 0)).toBeLessThan(5 * MIB);

    // Turned off, it is a door that is shut.
    await studio.call('settings.set', { sharing: false });
    await expect(fetch(`http://${source?.host}/health`)).rejects.toThrow();
  },
);

it('nothing is shared by a program that does not stay', async () => {
  await using world = await openWorld([REPOSITORY]);
  const command = await world.open();
  await command.call('settings.set', { sharing: true });
  expect(await command.call('sharing.status', {})).toMatchObject({ state: 'off' });
});

it.skipIf(port === null)('sharing begins again with the next engine, and ends with it', async () => {
  await using world = await openWorld([REPOSITORY]);
  const first = await world.open({ mayShare: true, network });
  await first.download({ reference });
  await first.call('settings.set', { sharing: true });
  await first.close();
  const second = await world.open({ mayShare: true, network });
  await expect
    .poll(async () => (await second.call('sharing.status', {})).state, { timeout: 10_000 })
    .toBe('on');
});
