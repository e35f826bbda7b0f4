import { connect, type Socket } from 'node:net';
import { SocksClient, SocksClientError } from 'socks';
import { buildConnector } from 'undici';
import { AppError } from '../../shared/contract/errors.ts';
import type { AddressRace, HostAddress } from './address-race.ts';
import type { ProxyScheme, ProxyServer } from './proxy-settings.ts';

/** A SOCKS proxy. */
export type SocksProxy = ProxyServer & { readonly scheme: Exclude<ProxyScheme, 'http' | 'https'> };

/** True for a SOCKS proxy. */
export function isSocks(proxy: ProxyServer): proxy is SocksProxy {
  return proxy.scheme !== 'http' && proxy.scheme !== 'https';
}

/** Options of {@link socksConnector}. */
export interface SocksConnectorOptions {
  readonly proxy: SocksProxy;
  /** For the secure connection through the tunnel. */
  readonly tls: buildConnector.BuildOptions;
  readonly timeoutMs: number;
  readonly race: AddressRace;
}

/** Returns a connector for a SOCKS proxy: the tunnel is made by the package `socks`, TLS inside it by undici. */
export function socksConnector(options: SocksConnectorOptions): buildConnector.connector {
  const secure = buildConnector(options.tls);
  return (target, callback) => {
    tunnel(options, target).then(
      (socket) => {
        if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

async function tunnel(
  { proxy, timeoutMs, race }: SocksConnectorOptions,
  target: buildConnector.Options,
): Promise<Socket> {
  const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
  const host = await destinationFor(proxy, target.hostname, race);
  const toProxy = await connectTo(proxy, race);
  try {
    const { socket } = await SocksClient.createConnection({
      proxy: {
        host: proxy.hostname,
        port: proxy.port,
        type: isVersion4(proxy) ? 4 : 5,
        ...(proxy.username === '' ? {} : { userId: proxy.username, password: proxy.password }),
      },
      command: 'connect',
      destination: { host, port },
      timeout: timeoutMs,
      existing_socket: toProxy,
    });
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    toProxy.on('error', () => undefined).destroy();
    throw error instanceof SocksClientError ? refusal(error, proxy) : error;
  }
}

async function connectTo({ hostname, port }: SocksProxy, race: AddressRace): Promise<Socket> {
  const addresses = await race.addressesOf(hostname);
  const open = ({ address, family }: HostAddress) => connect({ host: address, family, port });
  return race.connect({ hostname, port, addresses, open });
}

/**
 * Returns what to ask the proxy to connect to. When a name should be resolved here and cannot be, version 5 gets the
 * name: in many networks only the proxy can resolve names. Version 4 supports IPv4 addresses only.
 */
async function destinationFor(proxy: SocksProxy, hostname: string, race: AddressRace): Promise<string> {
  const name = hostname.replace(/^\[(.*)\]$/, '$1');
  if (proxy.scheme === 'socks5h' || proxy.scheme === 'socks4a') return name;
  const addresses = await race.addressesOf(name).catch((error: unknown) => {
    if (isVersion4(proxy)) throw error;
    return [];
  });
  const fitting = isVersion4(proxy) ? addresses.filter(({ family }) => family === 4) : addresses;
  const [first] = fitting;
  if (first !== undefined) return first.address;
  if (!isVersion4(proxy)) return name;
  throw new AppError('Offline', `${name} has no IPv4 address, and a SOCKS4 proxy can’t use any other.`, {
    details: { host: name },
  });
}

function isVersion4({ scheme }: SocksProxy): boolean {
  return scheme === 'socks4' || scheme === 'socks4a';
}

/**
 * The package reports the proxy's response as text only (its `common/constants.js`). A proxy that offers no
 * authentication method we support (`… invalid accepted authentication type`) wants a password too.
 */
function refusal(error: SocksClientError, { hostname, port, username }: SocksProxy): AppError {
  const proxy = `${hostname}:${port}`;
  if (/authentication (failed|type)|RejectedIdent/i.test(error.message)) {
    return proxyPasswordError(proxy, username !== '', error);
  }
  return new AppError('Offline', `The proxy ${proxy} didn’t connect: ${error.message.slice(0, 200)}.`, {
    cause: error,
    details: { proxy, trouble: 'proxy-refused' },
  });
}

/** The proxy rejects the user name and password, or requires some. Only the user can change that. */
export function proxyPasswordError(proxy: string, isGiven: boolean, cause?: unknown): AppError {
  const what = isGiven ? 'doesn’t accept this user name and password' : 'wants a user name and password';
  return new AppError(
    'ProxyAuthRequired',
    `The proxy ${proxy} ${what}. Change the proxy setting and resume.`,
    {
      cause,
      details: { proxy, trouble: 'proxy-password' },
    },
  );
}
