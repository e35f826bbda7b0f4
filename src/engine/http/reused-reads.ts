import { connect, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressRace, HostAddress } from './address-race.ts';

/**
 * Bytes that one read of a socket may bring. Measured on a fast line: with 64 KiB twice as many reads, beyond 256 KiB nothing is
 * gained, as it no longer stays in the processor's cache.
 */
const READ_BYTES = 256 * 1024;

/** As undici's own connections. */
const KEEP_ALIVE_MS = 60_000;

/** TLS sessions that are remembered; beyond that, all are forgotten. */
const MAX_SESSIONS = 100;

/**
 * Connections whose reads all go to one buffer each. Node's own way is a new buffer of 64 KiB for every read: for a download
 * as fast as the machine a third of the processor time, and a hundred megabytes of garbage that is waiting to be collected.
 *
 * What such a connection delivers is overwritten by its next read: it has to be used at once, or copied.
 */
export function reusingConnector(
  options: buildConnector.BuildOptions,
  race: AddressRace,
): buildConnector.connector {
  // undici keeps the sessions of a connector, and this one makes a connector for each connection.
  const sessions = new Map<string, Buffer>();
  const begin = async (target: buildConnector.Options, callback: buildConnector.Callback) => {
    const reads = new ReusedReads();
    const addresses = await race.addressesOf(target.hostname);
    const isSecure = target.protocol === 'https:';
    if (!isSecure && addresses.length > 1) {
      const socket = await race.connect(raceTarget(target, addresses, reads.option));
      reads.serve(socket);
      callback(null, socket);
      return;
    }
    const httpSocket =
      addresses.length > 1 ? await race.connect(raceTarget(target, addresses, undefined)) : undefined;
    const key = `${target.servername ?? target.hostname}:${target.port}`;
    const session = sessions.get(key);
    const connector = buildConnector({
      ...options,
      onread: reads.option,
      ...(session === undefined ? {} : { session }),
      ...(httpSocket === undefined ? { lookup: given(addresses) } : {}),
    } as buildConnector.BuildOptions);
    // The types do not tell that the socket is returned, before it is connected.
    const upgrade = httpSocket === undefined ? target : { ...target, httpSocket };
    const socket = connector(upgrade, callback) as unknown as Socket;
    reads.serve(socket);
    socket.on('session', (fresh: Buffer) => {
      if (sessions.size >= MAX_SESSIONS) sessions.clear();
      sessions.set(key, fresh);
    });
  };
  return (target, callback) => {
    begin(target, callback).catch((error: unknown) => callback(toError(error), null));
  };
}

/** A race of connections; for a plain one, each reads as the winner is to read. */
function raceTarget(
  { hostname, port, protocol }: buildConnector.Options,
  addresses: readonly HostAddress[],
  onread: OnReadOpts | undefined,
) {
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  const open = ({ address, family }: HostAddress) =>
    connect({
      host: address,
      family,
      port: number,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      ...(onread === undefined ? {} : { onread }),
    });
  return { hostname, port: number, addresses, open };
}

/** The addresses were looked up already. */
function given(addresses: readonly HostAddress[]): LookupFunction {
  return (_, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Lets a socket that reads into one buffer be used as undici uses any: it waits for `readable` and calls `read()`. */
class ReusedReads {
  /** Makes a socket read into the buffer, see `onread` of `net.connect`. */
  readonly option: OnReadOpts;
  /** What was read and not taken yet. */
  #bytes: Buffer | null = null;
  /** True when what was taken was given back, if only in part: its reader pauses. */
  #isPaused = false;
  #socket: Socket | null = null;

  constructor() {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.option = { buffer, callback: (count) => this.#arrived(buffer.subarray(0, count)) };
  }

  serve(socket: Socket): void {
    const read = socket.read.bind(socket);
    this.#socket = socket;
    // The socket's own `read` makes it go on where it was told to stop, and tells of its end.
    socket.read = (size?: number) => (this.#bytes === null ? read(size) : this.#take(size));
    socket.unshift = (bytes: Buffer) => this.#giveBack(bytes);
  }

  /** Returns whether to go on reading. What nobody takes waits in memory of its own, and nothing more is read until it is taken. */
  #arrived(bytes: Buffer): boolean {
    const before = this.#bytes;
    const own = before === null ? null : Buffer.concat([before, bytes]);
    this.#bytes = own ?? bytes;
    this.#isPaused = false;
    this.#socket?.emit('readable');
    if (this.#bytes === bytes) this.#bytes = Buffer.from(bytes);
    return this.#bytes === null && !this.#isPaused;
  }

  /** `read(0)` takes nothing: it only asks a stream to go on. */
  #take(size: number | undefined): Buffer | null {
    if (size === 0) return null;
    const bytes = this.#bytes;
    this.#bytes = null;
    return bytes;
  }

  #giveBack(bytes: Buffer): void {
    this.#isPaused = true;
    this.#bytes = bytes.length > 0 ? Buffer.from(bytes) : null;
  }
}
