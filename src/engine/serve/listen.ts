import { randomBytes } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { classify } from '../errors/classify.ts';
import { makePrivateFolder, type Place, socketPlaces, thisSource } from './address.ts';
import { type GuestConnection, serveGuest } from './guest-connection.ts';
import { guestView, type Hosted } from './guest-view.ts';
import { removeOwnerFile, writeOwnerFile } from './owner-file.ts';
import { type Hello, MAX_GUESTS, PROTOCOL, type SharedSettings } from './protocol.ts';

/**
 * Connections beyond the guests: strangers, and guests that are turned away because it is full. More are closed without
 * a response.
 */
const SPARE_CONNECTIONS = 32;

const NO_GUESTS = 'Other programs cannot join this one. What it does itself is not affected';

/** Commands take milliseconds; one that deletes a large model may take a second. */
const SETTLE_MS = 2000;

/** Options of {@link listenForGuests}. */
export interface ListenOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly program: string;
  readonly settings: SharedSettings;
  readonly engine: Hosted & { readonly runId: string };
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Where to listen, best first; for tests. */
  readonly places?: readonly Place[];
}

/** A connected guest, and what it would do as the owner. */
export type GuestInfo = Pick<Hello, 'program' | 'runsQueue'>;

/** The listener of an owner. */
export interface GuestDoor {
  /** Returns the connected guests. */
  guests(): readonly GuestInfo[];
  /**
   * Accepts no more guests, and removes the owner's file. Call while the ledger is still owned: the next owner listens
   * at the same path. Resolves when everything guests had requested is done, after two seconds at the latest: what
   * takes longer is requested again from the next owner.
   */
  shut(): Promise<void>;
  /** Notifies all guests that the ledger is free, and disconnects them. */
  farewell(): void;
}

/**
 * Listens for guests. Only the owner of the ledger may call it: a leftover socket belongs to an owner that is gone, and
 * is removed. An owner that cannot listen (no sockets on this volume, a folder of somebody else) works without guests.
 */
export async function listenForGuests(options: ListenOptions): Promise<GuestDoor> {
  const { dataDir, engine, version, program, settings, log } = options;
  const secret = randomBytes(32).toString('base64url');
  const owner = { protocol: PROTOCOL, version, program, pid: process.pid };
  const connections = new Map<GuestConnection, Hello | null>();
  const guests = () => [...connections.values()].filter((hello) => hello !== null);

  const server = createServer((socket) => {
    const connection: GuestConnection = serveGuest(socket, {
      secret,
      welcome: { ...owner, runId: engine.runId, settings },
      servedTo: ({ run }) => guestView(engine, run),
      admit(hello) {
        if (guests().length >= MAX_GUESTS) return false;
        connections.set(connection, hello);
        return true;
      },
      log: (message) => log('info', message),
    });
    connections.set(connection, null);
    socket.on('close', () => connections.delete(connection));
  });
  server.maxConnections = MAX_GUESTS + SPARE_CONNECTIONS;
  server.on('error', (error) => log('warn', `Guests: ${classify(error).message}`));
  const socket = await listenSomewhere(server, options.places ?? socketPlaces(thisSource(dataDir)), log);
  const file = socket === null ? null : await leaveWord(socket);

  async function leaveWord(path: string): Promise<string | null> {
    try {
      return await writeOwnerFile(dataDir, {
        protocol: PROTOCOL,
        socket: path,
        secret,
        pid: process.pid,
        program,
      });
    } catch (error) {
      log('warn', `${NO_GUESTS}: ${(error as Error).message}`);
      server.close();
      return null;
    }
  }

  return {
    guests: () => guests().map(({ program, runsQueue }) => ({ program, runsQueue })),
    async shut() {
      for (const connection of connections.keys()) connection.prepareToEnd();
      // Removes the socket of this server: nobody else listens there before the ledger is released.
      server.close();
      if (file !== null) await removeOwnerFile(file, secret).catch(() => undefined);
      const settled = Promise.all([...connections.keys()].map((connection) => connection.settled()));
      await Promise.race([settled, sleep(SETTLE_MS, undefined, { ref: false })]);
    },
    farewell() {
      for (const connection of [...connections.keys()]) connection.farewell();
    },
  };
}

/** Listens at the first location that works, and returns its path; null when none does. */
async function listenSomewhere(
  server: Server,
  places: readonly Place[],
  log: ListenOptions['log'],
): Promise<string | null> {
  for (const { path, folder } of places) {
    try {
      if (folder !== null) await makePrivateFolder(folder);
      if (process.platform !== 'win32') await rm(path, { force: true });
      await listenAt(server, path);
      if (process.platform !== 'win32') await chmod(path, 0o600);
      return path;
    } catch (error) {
      log('info', `Guests cannot be heard at ${path}: ${(error as Error).message}`);
    }
  }
  log('warn', `${NO_GUESTS}: no socket can be made here`);
  return null;
}

function listenAt(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      // The engine decides how long the process lives, not its listener.
      server.unref();
      resolve();
    });
  });
}
