import { Agent, buildConnector, Dispatcher, EnvHttpProxyAgent } from 'undici';
import { mayKeepBytes } from './borrowed-bytes.ts';
import { trustedCertificates } from './certificates.ts';
import { type Environment, type ProxySettings, proxySettings } from './proxy-settings.ts';
import { reusingConnector } from './reused-reads.ts';

/** Time for DNS, TCP and TLS together, in milliseconds. */
const CONNECT_TIMEOUT_MS = 20_000;
/** Signed addresses with a policy make long headers; undici's own limit is 16 KiB. */
const MAX_HEADER_BYTES = 65_536;

/** What {@link createDispatcher} needs. */
export interface DispatcherOptions {
  /** For `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
  readonly env: Environment;
  /** A proxy for everything, from the settings; wins over the environment. */
  readonly proxy?: string;
  /** Certificate authorities to trust; read once, at the first secure connection. Default: Node's and the system's. */
  readonly certificates?: () => string[];
}

/**
 * Connections to all hosts: HTTP/1.1, keep-alive, as many per host as there are requests, no pipelining. There is no limit on
 * the time for headers and bodies, because callers have stall timers of their own. A handler that is a `BorrowingHandler`
 * gets the bytes of a body without a copy.
 *
 * Throws `BadRequest` for a proxy address that cannot be used. Close or destroy it at the end.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new ConnectionPools(
    proxySettings(options.env, options.proxy),
    options.certificates ?? trustedCertificates,
  );
}

/** One set of connections for `http:` and one for `https:`; the latter is made, with its certificates, when needed. */
class ConnectionPools extends Dispatcher {
  readonly #proxies: ProxySettings;
  readonly #certificates: () => string[];
  #plain: Dispatcher | undefined;
  #secure: Dispatcher | undefined;
  #ended = false;

  constructor(proxies: ProxySettings, certificates: () => string[]) {
    super();
    this.#proxies = proxies;
    this.#certificates = certificates;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#poolFor(String(options.origin)).dispatch(options, mayKeepBytes(handler));
  }

  override close(callback?: () => void): Promise<void> {
    return this.#end((pool) => pool.close(), callback);
  }

  override destroy(error?: Error | null | (() => void), callback?: () => void): Promise<void> {
    const done = typeof error === 'function' ? error : callback;
    const reason = typeof error === 'function' ? null : (error ?? null);
    return this.#end((pool) => pool.destroy(reason), done);
  }

  #poolFor(origin: string): Dispatcher {
    if (this.#ended) throw new Error('The connections of this program were closed.');
    if (origin.startsWith('https:')) {
      this.#secure ??= connections(this.#proxies.https, this.#proxies.except, this.#certificates());
      return this.#secure;
    }
    // A proxy that is itself reached over TLS needs the certificates for an http address too.
    this.#plain ??= connections(
      this.#proxies.http,
      this.#proxies.except,
      this.#proxies.http.startsWith('https:') ? this.#certificates() : undefined,
    );
    return this.#plain;
  }

  async #end(how: (pool: Dispatcher) => Promise<void>, callback: (() => void) | undefined): Promise<void> {
    this.#ended = true;
    await Promise.all(
      [this.#plain, this.#secure].map((pool) => (pool === undefined ? undefined : how(pool))),
    );
    callback?.();
  }
}

function connections(proxy: string, except: string, ca: string[] | undefined): Dispatcher {
  const tls = { allowH2: false, timeout: CONNECT_TIMEOUT_MS, ...(ca === undefined ? {} : { ca }) };
  const common = {
    allowH2: false,
    pipelining: 1,
    connectTimeout: CONNECT_TIMEOUT_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  if (proxy === '') return new Agent({ ...common, connect: reusingConnector(tls) });
  // Every value is given, so that nothing is read from the environment of the process behind our back.
  return new EnvHttpProxyAgent({
    ...common,
    connect: buildConnector(tls),
    httpProxy: proxy,
    httpsProxy: proxy,
    noProxy: except,
    requestTls: tls,
    proxyTls: tls,
  });
}
