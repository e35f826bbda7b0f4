import { connect, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressRace, HostAddress } from './address-race.ts';

/**
 * Maximum bytes of one socket read. Measured on a fast network: 64 KiB needs twice as many reads, and beyond 256 KiB
 * nothing is gained, because the data no longer stays in the processor's cache.
 */
const READ_BYTES = 256 * 1024;

/** The same as undici's own connections. */
const KEEP_ALIVE_MS = 60_000;

/** Number of TLS sessions that are remembered; beyond that, all are dropped. */
const MAX_SESSIONS = 100;

/**
 * Returns a connector whose connections read into one buffer each. Node itself allocates a new buffer of 64 KiB for
 * every read: for a download as fast as the machine that costs a third of the processor time, and a hundred megabytes
 * of garbage waiting to be collected.
 *
 * What such a connection delivers is overwritten by its next read: use it at once, or copy it.
 */
export function reusingConnector(
  options: buildConnector.BuildOptions,
  race: AddressRace,
): buildConnector.connector {
  // undici keeps the sessions of a connector, and this code creates a connector for each connection.
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
    // The types do not show that the socket is returned before it is connected.
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

/** Races connections; plain ones all read the way the winner will. */
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

/** The addresses were resolved already. */
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

/**
 * Makes a socket that reads into one buffer usable the way undici uses any socket: it waits for `readable` and calls
 * `read()`.
 */
class ReusedReads {
  /** Makes a socket read into the buffer; see `onread` of `net.connect`. */
  readonly option: OnReadOpts;
  /** Bytes that were read and not taken yet. */
  #bytes: Buffer | null = null;
  /** True when taken bytes were returned, if only in part: the reader pauses. */
  #isPaused = false;
  #socket: Socket | null = null;

  constructor() {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    this.option = { buffer, callback: (count) => this.#arrived(buffer.subarray(0, count)) };
  }

  serve(socket: Socket): void {
    const read = socket.read.bind(socket);
    this.#socket = socket;
    // The socket's own `read` resumes it where it was paused, and reports its end.
    socket.read = (size?: number) => (this.#bytes === null ? read(size) : this.#take(size));
    socket.unshift = (bytes: Buffer) => this.#giveBack(bytes);
  }

  /**
   * Returns whether to continue reading. Bytes that nobody takes are copied to separate memory, and reading pauses
   * until they are taken.
   */
  #arrived(bytes: Buffer): boolean {
    const before = this.#bytes;
    const own = before === null ? null : Buffer.concat([before, bytes]);
    this.#bytes = own ?? bytes;
    this.#isPaused = false;
    this.#socket?.emit('readable');
    if (this.#bytes === bytes) this.#bytes = Buffer.from(bytes);
    return this.#bytes === null && !this.#isPaused;
  }

  /** `read(0)` takes nothing: it only asks a stream to continue. */
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
