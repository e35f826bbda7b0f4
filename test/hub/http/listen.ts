import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on 127.0.0.1. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** A pause between two requests must not end a connection in the middle of a test. */
const KEEP_ALIVE_MS = 120_000;
const SOCKET_BUFFER_BYTES = 256 * 1024;

/** Listens on 127.0.0.1; port 0 takes any free one. Rejects when the port is in use. */
export async function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const server = createServer({ keepAlive: true, noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES }, handle);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
