import { createSocket } from 'node:dgram';
import { afterEach, expect, it } from 'vitest';
import { MDNS_GROUP, multicastPort } from '../../../test/integration/multicast.ts';
import type { Announcement } from './announcement.ts';
import { announce, lookAround, type Running } from './dns-sd.ts';

const running: Running[] = [];
const open = <T extends Running>(one: T): T => {
  running.push(one);
  return one;
};

afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

const port = await multicastPort();
const onLoopback = { interface: '127.0.0.1', port: port ?? 0 };
const silent = () => undefined;

it.skipIf(port === null)('finds who announces itself, and hears that it leaves', async () => {
  const found = Promise.withResolvers<Announcement>();
  const gone = Promise.withResolvers<Announcement>();
  open(lookAround(found.resolve, gone.resolve, silent, onLoopback));
  const service = announce({ id: 'abcdef12', port: 8900, version: '1.2.3' }, silent, onLoopback);
  expect(await found.promise).toMatchObject({ id: 'abcdef12', url: 'http://127.0.0.1:8900' });
  await service.close();
  expect(await gone.promise).toMatchObject({ id: 'abcdef12' });
});

it.skipIf(port === null)('finds who was there before', async () => {
  open(announce({ id: 'abcdef34', port: 8901, version: '1.2.3' }, silent, onLoopback));
  // Its own announcement is over.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const found = Promise.withResolvers<Announcement>();
  open(lookAround(found.resolve, silent, silent, onLoopback));
  expect(await found.promise).toMatchObject({ id: 'abcdef34' });
});

it.skipIf(port === null)(
  'survives what is no DNS, and a flood of names, and still finds who is there',
  async () => {
    const found: Announcement[] = [];
    const wanted = Promise.withResolvers<void>();
    const log: string[] = [];
    open(
      lookAround(
        (one) => {
          found.push(one);
          if (one.id === 'abcdef56') wanted.resolve();
        },
        silent,
        (_, message) => log.push(message),
        onLoopback,
      ),
    );
    const stranger = createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve) => stranger.bind(0, resolve));
    stranger.setMulticastInterface('127.0.0.1');
    const send = (bytes: Buffer) =>
      new Promise((resolve) => stranger.send(bytes, port ?? 0, MDNS_GROUP, resolve));
    for (let length = 0; length < 100; length += 1)
      await send(Buffer.alloc(length * 7, 0xc0 + (length % 64)));
    for (let nth = 0; nth < 2000; nth += 1) await send(packetOf(`Flood ${nth}\u001b[31m`, nth));
    stranger.close();
    expect(found.length).toBeLessThan(400);
    expect(JSON.stringify(found)).not.toMatch(/\\u001b/);
    // Who floods is heard no more for a moment, and neither is anybody else.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    open(announce({ id: 'abcdef56', port: 8902, version: '1.2.3' }, silent, onLoopback));
    await wanted.promise;
  },
);

it('works without a network to speak of', async () => {
  const log: string[] = [];
  const alone = { interface: '203.0.113.1', port: port ?? 5353 };
  const tell = (_: string, message: string) => void log.push(message);
  open(lookAround(silent, silent, tell, alone));
  open(announce({ id: 'abcdef78', port: 8903, version: '1.2.3' }, tell, alone));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(log.length).toBeLessThanOrEqual(2);
});

/** A response with a PTR, an SRV and a TXT record. */
function packetOf(instance: string, nth: number): Buffer {
  const label = (text: string) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
  const type = Buffer.concat([label('_haulyard'), label('_tcp'), label('local'), Buffer.from([0])]);
  const name = Buffer.concat([label(instance), type]);
  const record = (owner: Buffer, kind: number, data: Buffer) => {
    const head = Buffer.alloc(10);
    head.writeUInt16BE(kind, 0);
    head.writeUInt16BE(1, 2);
    head.writeUInt32BE(120, 4);
    head.writeUInt16BE(data.length, 8);
    return Buffer.concat([owner, head, data]);
  };
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8400, 2);
  header.writeUInt16BE(3, 6);
  const srv = Buffer.concat([Buffer.from([0, 0, 0, 0, 0x20, nth % 256]), name]);
  return Buffer.concat([
    header,
    record(type, 12, name),
    record(name, 33, srv),
    record(name, 16, label(`id=${nth.toString(16).padStart(8, '0')}`)),
  ]);
}
