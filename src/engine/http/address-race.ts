import { lookup as dnsLookup } from 'node:dns';
import { isIP, type Socket } from 'node:net';

/** One address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** Returns all addresses of a name, in the system's order. Rejects with the DNS error. */
export type LookupAll = (hostname: string) => Promise<readonly HostAddress[]>;

/**
 * Wait before the next address is tried in parallel with those still silent, in milliseconds: RFC 8305 section 5
 * recommends 250 without knowledge of the network, and 2,000 at most.
 */
const FIRST_DELAY_MS = 250;
const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 2000;
/** The next address is tried when a connection takes this many times longer than the last one did. */
const DELAY_PER_CONNECT = 2;
/** Number of hosts whose best address is remembered. */
const MAX_REMEMBERED = 200;

/** Dependencies of {@link AddressRace.connect}, for one connection. */
export interface RaceTarget {
  readonly hostname: string;
  readonly port: number;
  readonly addresses: readonly HostAddress[];
  /** Starts to connect. */
  readonly open: (address: HostAddress) => Socket;
}

/**
 * Connects to a host with several addresses, as specified by RFC 8305 (“Happy Eyeballs”): address families alternate,
 * the next address is tried while the previous one is still silent, and the first to respond wins. Node's own
 * `autoSelectFamily` gives each address 250 ms and then drops it, so on a network with a longer round trip it never
 * connects.
 */
export class AddressRace {
  readonly #lookup: LookupAll;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  /** By host: the last winning address. */
  readonly #winners = new Map<string, string>();
  /** Time the latest connection took. */
  #connectMs: number | null = null;

  constructor(timeoutMs: number, lookup: LookupAll = lookupAll, now: () => number = () => performance.now()) {
    this.#timeoutMs = timeoutMs;
    this.#lookup = lookup;
    this.#now = now;
  }

  /** Returns the addresses of a host, the most promising first; a single one when the host is an address. */
  async addressesOf(hostname: string): Promise<readonly HostAddress[]> {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    const addresses = takingTurns(await this.#lookup(host));
    const winner = addresses.find(({ address }) => address === this.#winners.get(host));
    return winner ? [winner, ...addresses.filter((other) => other !== winner)] : addresses;
  }

  /** Resolves to the first connection that opens. Rejects with all failures when none does. */
  connect(target: RaceTarget): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const waiting = [...target.addresses];
      const open = new Set<Socket>();
      const failures: Error[] = [];
      let next: NodeJS.Timeout | undefined;
      const end = (keep: Socket | null) => {
        clearTimeout(next);
        clearTimeout(timeout);
        for (const socket of open) if (socket !== keep) discard(socket);
        open.clear();
      };
      const timeout = setTimeout(() => {
        end(null);
        reject(timedOut(target, failures));
      }, this.#timeoutMs);
      const start = () => {
        clearTimeout(next);
        const address = waiting.shift();
        if (address === undefined) return;
        const startedMs = this.#now();
        const socket = target.open(address);
        open.add(socket);
        socket.once('connect', () => {
          socket.removeListener('error', failed);
          end(socket);
          this.#won(target.hostname, address, this.#now() - startedMs);
          resolve(socket);
        });
        const failed = (error: Error) => {
          failures.push(error);
          open.delete(socket);
          if (waiting.length > 0) start();
          else if (open.size === 0) {
            end(null);
            reject(failures.length === 1 ? error : allFailed(failures));
          }
        };
        socket.once('error', failed);
        if (waiting.length > 0) next = setTimeout(start, this.#delayMs);
      };
      start();
    });
  }

  get #delayMs(): number {
    if (this.#connectMs === null) return FIRST_DELAY_MS;
    return Math.min(MAX_DELAY_MS, Math.max(MIN_DELAY_MS, this.#connectMs * DELAY_PER_CONNECT));
  }

  #won(hostname: string, { address }: HostAddress, tookMs: number): void {
    this.#connectMs = this.#connectMs === null ? tookMs : (this.#connectMs + tookMs) / 2;
    if (this.#winners.size >= MAX_REMEMBERED) this.#winners.clear();
    this.#winners.set(hostname, address);
  }
}

/** Returns the addresses in the given order, but with the families alternating. */
function takingTurns(addresses: readonly HostAddress[]): HostAddress[] {
  const first = addresses[0]?.family;
  const own = addresses.filter(({ family }) => family === first);
  const others = addresses.filter(({ family }) => family !== first);
  const longer = Math.max(own.length, others.length);
  return Array.from({ length: longer }, (_, index) => [own[index], others[index]])
    .flat()
    .filter((address) => address !== undefined);
}

function discard(socket: Socket): void {
  socket.removeAllListeners('connect');
  socket.on('error', () => undefined).destroy();
}

function allFailed(failures: readonly Error[]): Error {
  const { code } = failures[0] as NodeJS.ErrnoException;
  return Object.assign(new AggregateError(failures), { code });
}

function timedOut({ hostname, port }: RaceTarget, failures: readonly Error[]): Error {
  const error = Object.assign(new Error(`connect ETIMEDOUT ${hostname}:${port}`), { code: 'ETIMEDOUT' });
  return failures.length === 0 ? error : Object.assign(error, { cause: new AggregateError(failures) });
}

function lookupAll(hostname: string): Promise<readonly HostAddress[]> {
  return new Promise((resolve, reject) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}
