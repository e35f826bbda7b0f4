import { createSocket } from 'node:dgram';

/** The group of multicast DNS. */
export const MDNS_GROUP = '224.0.0.251';

/** A port on which multicast reaches this process over loopback; null, with a word about it, where it cannot. */
export async function multicastPort(): Promise<number | null> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    const heard = Promise.withResolvers<boolean>();
    socket.on('message', () => heard.resolve(true));
    socket.on('error', () => heard.resolve(false));
    await new Promise<void>((resolve) => socket.bind(0, resolve));
    const { port } = socket.address();
    socket.addMembership(MDNS_GROUP, '127.0.0.1');
    socket.setMulticastInterface('127.0.0.1');
    socket.setMulticastLoopback(true);
    socket.send('hello', port, MDNS_GROUP);
    setTimeout(() => heard.resolve(false), 1000).unref();
    if (await heard.promise) return port;
  } catch {
    // Told below.
  } finally {
    socket.close();
  }
  console.warn('Skipped: multicast does not reach this process over loopback.');
  return null;
}
