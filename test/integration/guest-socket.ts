import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { OWNER_FILE } from '../../src/engine/serve/address.ts';
import { createMessageReader, encodeMessage, MAX_MESSAGE_BYTES } from '../../src/engine/serve/frames.ts';
import type { OwnerFile } from '../../src/engine/serve/protocol.ts';

/** A connection to an owner, byte by byte. */
export interface RawGuest {
  readonly socket: Socket;
  readonly received: readonly Record<string, unknown>[];
  send(message: unknown): void;
  /** The first message, past or future, that fits. Rejects when the connection ends without. */
  message(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  readonly closed: Promise<void>;
}

/** What the owner of a data folder left for its guests. */
export async function ownerFile(dataDir: string): Promise<OwnerFile> {
  return JSON.parse(await readFile(join(dataDir, OWNER_FILE), 'utf8')) as OwnerFile;
}

/** Connects to a socket and sends nothing. */
export async function knock(path: string): Promise<RawGuest> {
  const socket = connect(path);
  const received: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  const reader = createMessageReader(() => MAX_MESSAGE_BYTES);
  socket.on('data', (bytes: Buffer) => {
    received.push(...(reader.read(bytes) as Record<string, unknown>[]));
    for (const listener of listeners) listener();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    socket,
    received,
    send: (message) => void socket.write(encodeMessage(message)),
    message: (fits) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = received.find(fits);
          if (found) resolve(found);
        };
        listeners.add(look);
        void closed.then(() =>
          reject(new Error(`It ended. Heard: ${JSON.stringify(received).slice(0, 500)}`)),
        );
        look();
      }),
    closed,
  };
}

/** Connects and sends a guest's hello. */
export async function greet(dataDir: string, over: Record<string, unknown> = {}): Promise<RawGuest> {
  const { socket, secret } = await ownerFile(dataDir);
  const guest = await knock(socket);
  guest.send({ type: 'hello', secret, protocol: 1, version: '0', program: 'a test', ...over });
  return guest;
}
