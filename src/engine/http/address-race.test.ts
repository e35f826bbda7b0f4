import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRace, type HostAddress } from './address-race.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const V6 = (last: number): HostAddress => ({ address: `2001:db8::${last}`, family: 6 });
const GOOD: HostAddress = { address: '127.0.0.1', family: 4 };

/** A server whose connections take `roundTripMs` to open; every other address swallows what is sent to it. */
async function network(roundTripMs: number) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const tried: string[] = [];
  const open = ({ address }: HostAddress): Socket => {
    tried.push(address);
    const socket = new Socket();
    cleanups.push(() => socket.destroy());
    if (address === GOOD.address) setTimeout(() => socket.connect(port, address), roundTripMs);
    return socket;
  };
  return { port, tried, open };
}

const raceTo = async (race: AddressRace, { port, open }: Awaited<ReturnType<typeof network>>) => {
  const addresses = await race.addressesOf('hub.example');
  return race.connect({ hostname: 'hub.example', port, addresses, open });
};

describe('a host with several addresses', () => {
  it.each([0, 300, 700, 1200])(
    'is connected to within 2 s over a network with a round trip of %i ms and two dead addresses',
    async (roundTripMs) => {
      const line = await network(roundTripMs);
      const race = new AddressRace(20_000, async () => [V6(1), V6(2), GOOD]);
      const startedMs = performance.now();
      const socket = await raceTo(race, line);
      expect(socket.remoteAddress).toBe('127.0.0.1');
      expect(performance.now() - startedMs).toBeLessThan(2000);
    },
  );

  it('tries the families in turn', async () => {
    const race = new AddressRace(20_000, async () => [V6(1), V6(2), GOOD]);
    const addresses = await race.addressesOf('hub.example');
    expect(addresses.map(({ family }) => family)).toEqual([6, 4, 6]);
  });

  it('begins with the one that worked last', async () => {
    const line = await network(0);
    const race = new AddressRace(20_000, async () => [V6(1), V6(2), GOOD]);
    await raceTo(race, line);
    line.tried.length = 0;
    await raceTo(race, line);
    expect(line.tried).toEqual(['127.0.0.1']);
  });

  it('leaves an address more time where connections take long', async () => {
    const line = await network(600);
    const race = new AddressRace(20_000, async () => [GOOD, V6(1), V6(2)]);
    await raceTo(race, line);
    expect(line.tried.length).toBeGreaterThan(1); // After 250 ms nothing was known about the slow network.
    line.tried.length = 0;
    await raceTo(race, line);
    expect(line.tried).toEqual(['127.0.0.1']);
  });

  it('closes the connections that lost', async () => {
    const line = await network(300);
    const sockets: Socket[] = [];
    const race = new AddressRace(20_000, async () => [V6(1), GOOD]);
    const open = (address: HostAddress) => {
      const socket = line.open(address);
      sockets.push(socket);
      return socket;
    };
    const winner = await raceTo(race, { ...line, open });
    expect(sockets.filter((socket) => socket !== winner).every((socket) => socket.destroyed)).toBe(true);
    expect(winner.destroyed).toBe(false);
  });

  it('goes to the next at once when one refuses', async () => {
    const line = await network(0);
    const refused = await network(0);
    const race = new AddressRace(20_000, async () => [{ address: '127.0.0.2', family: 4 }, GOOD]);
    const open = (address: HostAddress) =>
      address === GOOD ? line.open(address) : connect({ host: '127.0.0.1', port: 1 });
    await raceTo(race, { ...line, open });
    expect(refused.tried).toEqual([]);
  });

  it('fails with the errors of all', async () => {
    const race = new AddressRace(20_000, async () => [V6(1), GOOD]);
    const open = () => connect({ host: '127.0.0.1', port: 1 });
    const error = await raceTo(race, { port: 1, tried: [], open }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', errors: [{ port: 1 }, { port: 1 }] });
  });

  it('fails when none of them responds', async () => {
    const line = await network(0);
    const race = new AddressRace(300, async () => [V6(1), V6(2)]);
    await expect(raceTo(race, line)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });
});
