import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRace, type HostAddress } from './address-race.ts';
import { reusingConnector } from './reused-reads.ts';
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts';

const CONTENT = Buffer.alloc(5_000_000);
for (let index = 0; index < CONTENT.length; index += 1) CONTENT[index] = (index * 31) % 251;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TLS = { key: TEST_KEY, cert: TEST_CERTIFICATE };
const SERVERS = {
  http: (answer: RequestListener) => listen(createServer(answer), 'http'),
  https: (answer: RequestListener) => listen(createTlsServer(TLS, answer), 'https'),
} as const;

const race = new AddressRace(5000);
/** One address where nobody listens, and one where a server does. */
const TWO_ADDRESSES: HostAddress[] = [
  { address: '127.0.0.9', family: 4 },
  { address: '127.0.0.1', family: 4 },
];

function agent(addresses: AddressRace = race): Agent {
  const connect = reusingConnector({ ca: TEST_CERTIFICATE, checkServerIdentity: () => undefined }, addresses);
  const made = new Agent({ connections: 1, connect });
  cleanups.push(() => made.destroy());
  return made;
}

/** The callbacks undici requires of every handler. */
const NOTHING = { onRequestStart: () => undefined, onResponseStart: () => undefined };

interface Reading {
  /** Called with each piece; true requests a pause until the next turn of the event loop. */
  readonly pauses?: (pieces: number) => boolean;
}

/** Reads a body, copying each piece as it arrives. */
function read(from: Agent, origin: string, { pauses = () => false }: Reading = {}): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const handler: Dispatcher.DispatchHandler = {
      ...NOTHING,
      onResponseData(controller, bytes) {
        parts.push(Buffer.from(bytes));
        if (!pauses(parts.length)) return;
        controller.pause();
        setTimeout(() => controller.resume(), 2);
      },
      onResponseEnd: () => resolve(Buffer.concat(parts)),
      onResponseError: (_, error) => reject(error),
    };
    from.dispatch({ origin, path: '/', method: 'GET' }, handler);
  });
}

describe.each(['http', 'https'] as const)('a connection over %s', (scheme) => {
  it('delivers every byte, as it was sent', async () => {
    const origin = await SERVERS[scheme]((_, answer) => answer.end(CONTENT));
    expect((await read(agent(), origin)).equals(CONTENT)).toBe(true);
  });

  it('brings every byte from a host with several addresses', async () => {
    const origin = await SERVERS[scheme]((_, answer) => answer.end(CONTENT));
    const connections = agent(new AddressRace(5000, async () => TWO_ADDRESSES));
    const named = origin.replace('127.0.0.1', 'hub.invalid');
    for (let round = 0; round < 2; round += 1) {
      expect((await read(connections, named)).equals(CONTENT)).toBe(true);
    }
  });

  it('is used for further requests', async () => {
    const ports = new Set<number | undefined>();
    const origin = await SERVERS[scheme]((asked, answer) => {
      ports.add(asked.socket.remotePort);
      answer.end(CONTENT);
    });
    const connections = agent();
    for (let count = 0; count < 3; count += 1) {
      expect((await read(connections, origin)).equals(CONTENT)).toBe(true);
    }
    expect(ports.size).toBe(1);
  });

  it('loses and doubles nothing when its reader pauses at any moment', async () => {
    const origin = await SERVERS[scheme]((_, answer) => answer.end(CONTENT));
    const often = await read(agent(), origin, { pauses: (pieces) => pieces % 2 === 0 });
    expect(often.equals(CONTENT)).toBe(true);
    const always = await read(agent(), origin, { pauses: () => true });
    expect(always.equals(CONTENT)).toBe(true);
  });

  it('reports an end in the middle, after what had arrived', async () => {
    const origin = await SERVERS[scheme]((_, answer) => {
      answer.writeHead(200, { 'content-length': CONTENT.length });
      answer.write(CONTENT.subarray(0, 1_000_000), () => answer.socket?.end());
    });
    let bytes = 0;
    const reading = new Promise<void>((resolve, reject) => {
      agent().dispatch(
        { origin, path: '/', method: 'GET' },
        {
          ...NOTHING,
          onResponseData(controller, piece) {
            bytes += piece.length;
            controller.pause();
            setTimeout(() => controller.resume(), 1);
          },
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => reject(error),
        },
      );
    });
    await expect(reading).rejects.toThrow();
    expect(bytes).toBe(1_000_000);
  });

  it('stops the sender while its reader pauses', async () => {
    let sent = 0;
    const origin = await SERVERS[scheme]((_, answer) => {
      const more = () => {
        while (sent < 200_000_000 && answer.write(CONTENT)) sent += CONTENT.length;
        if (sent < 200_000_000) answer.once('drain', more);
      };
      more();
    });
    const first = Promise.withResolvers<void>();
    const connections = agent();
    connections.dispatch(
      { origin, path: '/', method: 'GET' },
      {
        ...NOTHING,
        onResponseData(controller) {
          controller.pause();
          first.resolve();
        },
        onResponseEnd: () => undefined,
        onResponseError: () => undefined,
      },
    );
    await first.promise;
    // The buffers of both systems, and no more, however many turns the event loop makes.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBeLessThan(50_000_000);
    await connections.destroy();
  });
});

describe('a reader that pauses', () => {
  it('leaves what comes next in the socket, where it needs no copy', async () => {
    const origin = await SERVERS.http((_, answer) => answer.end(CONTENT));
    const sockets: Socket[] = [];
    const connect = reusingConnector({}, race);
    const connections = new Agent({
      connect: (target, callback) =>
        connect(target, (...made) => {
          if (made[1]) sockets.push(made[1]);
          callback(...made);
        }),
    });
    cleanups.push(() => connections.destroy());
    const paused = Promise.withResolvers<number | undefined>();
    connections.dispatch(
      { origin, path: '/', method: 'GET' },
      {
        ...NOTHING,
        onResponseData(controller) {
          controller.pause();
          paused.resolve(sockets[0]?.bytesRead);
        },
        onResponseEnd: () => undefined,
        onResponseError: () => undefined,
      },
    );
    const read = await paused.promise;
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBeGreaterThan(0);
    expect(sockets[0]?.bytesRead).toBe(read);
  });
});

describe('a further connection to a secure host', () => {
  it('resumes the session of an earlier one, which saves a handshake', async () => {
    const resumed: boolean[] = [];
    const origin = await SERVERS.https((asked, answer) => {
      resumed.push((asked.socket as TLSSocket).isSessionReused());
      answer.writeHead(200, { connection: 'close' });
      answer.end('x');
    });
    const connections = agent();
    for (let count = 0; count < 3; count += 1) await read(connections, origin);
    expect(resumed).toEqual([false, true, true]);
  });
});
