import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** Longest packet of multicast DNS, in bytes (RFC 6762, section 17). */
const MAX_PACKET_BYTES = 9000;
/** A network with a hundred machines sends a few a second. Beyond this, packets are dropped unread. */
const PACKETS_PER_SECOND = 100;
const BURST_PACKETS = 300;

type Listener = (message: Buffer, from: RemoteInfo) => void;

/**
 * A UDP socket for a library that reads what strangers send. What is too long or too much is dropped before the library sees it, and
 * what makes the library throw is only logged: an exception in a socket's listener would end the process.
 */
export function fencedSocket(
  onTrouble: (error: unknown) => void,
  now: () => number = () => performance.now(),
): Socket {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const mayPass = packetFence(now);
  const fenced =
    (listener: Listener): Listener =>
    (message, from) => {
      if (!mayPass(message.length)) return;
      try {
        listener(message, from);
      } catch (error) {
        onTrouble(error);
      }
    };
  const on = socket.on.bind(socket) as (event: string, listener: (...args: never[]) => void) => Socket;
  socket.on = ((event: string, listener: (...args: never[]) => void) =>
    on(event, event === 'message' ? (fenced(listener as Listener) as never) : listener)) as Socket['on'];
  return socket;
}

/** Says of each packet, by its length, whether it may pass. */
export function packetFence(now: () => number): (bytes: number) => boolean {
  let left = BURST_PACKETS;
  let atMs = now();
  return (bytes) => {
    left = Math.min(BURST_PACKETS, left + ((now() - atMs) * PACKETS_PER_SECOND) / 1000);
    atMs = now();
    if (bytes > MAX_PACKET_BYTES || left < 1) return false;
    left -= 1;
    return true;
  };
}
