import { Agent, type buildConnector, Dispatcher, ProxyAgent } from 'undici';
import { AddressRace, type LookupAll } from './address-race.ts';
import { mayKeepBytes } from './borrowed-bytes.ts';
import { trustedCertificates } from './certificates.ts';
import { type Environment, type ProxyServer, type ProxySettings, proxySettings } from './proxy-settings.ts';
import { reusingConnector } from './reused-reads.ts';
import { isSocks, socksConnector } from './socks-connector.ts';

/** Time limit for DNS, TCP and TLS together, in milliseconds. */
const CONNECT_TIMEOUT_MS = 20_000;
/** Time limit for each address of a proxy; Node's own 250 ms are too short for a slow network. */
const PROXY_ADDRESS_MS = 1500;
/** Signed URLs with a policy make long headers; undici's own limit is 16 KiB. */
const MAX_HEADER_BYTES = 65_536;

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  /** For `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. */
  readonly env: Environment;
  /** A proxy for everything, from the settings; takes precedence over the environment. */
  readonly proxy?: string;
  /**
   * Returns the certificate authorities to trust; called once, at the first secure connection. Default: Node's and the
   * system's.
   */
  readonly certificates?: () => string[];
  /** Resolves names; default: the system resolver. */
  readonly lookup?: LookupAll;
}

/**
 * Returns connections to all hosts: HTTP/1.1, keep-alive, as many per host as there are requests, no pipelining. There
 * is no time limit for headers and bodies, because callers have their own stall timers. A handler that is a
 * `BorrowingHandler` gets the bytes of a body without a copy.
 *
 * Throws `BadRequest` for an unusable proxy address. Close or destroy it at the end.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new ConnectionPools(
    proxySettings(options.env, options.proxy),
    options.certificates ?? trustedCertificates,
    new AddressRace(CONNECT_TIMEOUT_MS, options.lookup),
  );
}

/**
 * Wrong bytes arrived over some connection: later requests use none that is open now. Requests in progress keep theirs until they
 * end. Does nothing for a dispatcher of another kind.
 */
export function renewConnections(dispatcher: Dispatcher): void {
  if (dispatcher instanceof ConnectionPools) dispatcher.renew();
}

/** The kind of connections a pool has: through which proxy, and whether certificates are needed. */
interface Route {
  readonly proxy: ProxyServer | null;
  readonly isSecure: boolean;
}

/** One pool of connections for each kind of route, created on demand. */
class ConnectionPools extends Dispatcher {
  readonly #proxies: ProxySettings;
  readonly #certificates: () => string[];
  readonly #race: AddressRace;
  readonly #pools = new Map<string, Dispatcher>();
  /** Closed to new requests; some may be in progress. */
  readonly #retired = new Set<Dispatcher>();
  #trusted: string[] | undefined;
  #ended = false;

  constructor(proxies: ProxySettings, certificates: () => string[], race: AddressRace) {
    super();
    this.#proxies = proxies;
    this.#certificates = certificates;
    this.#race = race;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#poolFor(new URL(String(options.origin))).dispatch(options, mayKeepBytes(handler));
  }

  renew(): void {
    for (const pool of this.#pools.values()) {
      this.#retired.add(pool);
      const forget = () => this.#retired.delete(pool);
      pool.close().then(forget, forget);
    }
    this.#pools.clear();
  }

  override close(callback?: () => void): Promise<void> {
    return this.#end((pool) => pool.close(), callback);
  }

  override destroy(error?: Error | null | (() => void), callback?: () => void): Promise<void> {
    const done = typeof error === 'function' ? error : callback;
    const reason = typeof error === 'function' ? null : (error ?? null);
    return this.#end((pool) => pool.destroy(reason), done);
  }

  #poolFor(origin: URL): Dispatcher {
    if (this.#ended) throw new Error('The connections of this program were closed.');
    const route = this.#routeTo(origin);
    const key = `${route.isSecure} ${route.proxy !== null}`;
    const pool = this.#pools.get(key) ?? this.#open(route);
    this.#pools.set(key, pool);
    return pool;
  }

  #routeTo({ protocol, hostname, port }: URL): Route {
    const isSecure = protocol === 'https:';
    const proxy = isSecure ? this.#proxies.https : this.#proxies.http;
    const isDirect = this.#proxies.isDirect(hostname, Number(port || (isSecure ? 443 : 80)));
    return { proxy: isDirect ? null : proxy, isSecure };
  }

  #open({ proxy, isSecure }: Route): Dispatcher {
    // A proxy that is itself reached over TLS needs the certificates for an http URL too.
    const needsCertificates = isSecure || proxy?.scheme === 'https';
    const ca = needsCertificates ? this.#trustedCertificates() : undefined;
    const tls = { allowH2: false, timeout: CONNECT_TIMEOUT_MS, ...(ca === undefined ? {} : { ca }) };
    if (proxy === null) return new Agent({ ...COMMON, connect: reusingConnector(tls, this.#race) });
    if (!isSocks(proxy)) return throughHttpProxy(proxy, tls);
    const options = { proxy, tls, timeoutMs: CONNECT_TIMEOUT_MS, race: this.#race };
    return new Agent({ ...COMMON, connect: socksConnector(options) });
  }

  #trustedCertificates(): string[] {
    this.#trusted ??= this.#certificates();
    return this.#trusted;
  }

  async #end(how: (pool: Dispatcher) => Promise<void>, callback: (() => void) | undefined): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#pools.values(), ...this.#retired].map(how));
    callback?.();
  }
}

const COMMON = {
  allowH2: false,
  pipelining: 1,
  connectTimeout: CONNECT_TIMEOUT_MS,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: MAX_HEADER_BYTES,
};

function throughHttpProxy(proxy: ProxyServer, tls: buildConnector.BuildOptions): Dispatcher {
  const { scheme, hostname, port, username, password } = proxy;
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const own = { ...tls, autoSelectFamilyAttemptTimeout: PROXY_ADDRESS_MS };
  return new ProxyAgent({
    ...COMMON,
    uri: `${scheme}://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
    ...(username === '' && password === '' ? {} : { token: `Basic ${credentials}` }),
    requestTls: tls,
    proxyTls: own,
  });
}
