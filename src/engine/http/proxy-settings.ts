import { AppError } from '../../shared/contract/errors.ts';
import { type DirectHosts, directHosts } from './no-proxy.ts';

/** Proxy protocols. `socks5h` and `socks4a` resolve names at the proxy, `socks5` and `socks4` here, as in curl. */
export const PROXY_SCHEMES = ['http', 'https', 'socks5', 'socks5h', 'socks4', 'socks4a'] as const;
export type ProxyScheme = (typeof PROXY_SCHEMES)[number];

/** A parsed proxy address. User name and password are as sent, without percent-encoding. */
export interface ProxyServer {
  readonly scheme: ProxyScheme;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** Which proxies to use. */
export interface ProxySettings {
  /** For `http:` URLs; null for none. */
  readonly http: ProxyServer | null;
  /** For `https:` URLs; null for none. */
  readonly https: ProxyServer | null;
  /** Hosts that are reached directly, as in `NO_PROXY`. */
  readonly isDirect: DirectHosts;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** 1080 is curl's default for SOCKS; the others are those of their protocols. */
const DEFAULT_PORTS: Readonly<Record<ProxyScheme, number>> = {
  http: 80,
  https: 443,
  socks5: 1080,
  socks5h: 1080,
  socks4: 1080,
  socks4a: 1080,
};

/**
 * Returns the proxies to use. An explicit one applies to everything; otherwise `HTTP_PROXY` and `HTTPS_PROXY` apply to
 * their own protocol, and `ALL_PROXY` where that is not set, as in curl and Python. `NO_PROXY` always applies.
 * Lower-case names take precedence.
 *
 * Throws `BadRequest` for a proxy that is not an address or has an unknown scheme. The message does not repeat the
 * address, which may hold a password.
 */
export function proxySettings(env: Environment, explicit?: string): ProxySettings {
  const isDirect = directHosts(variable(env, 'NO_PROXY').text);
  if (explicit !== undefined) {
    const proxy = parseProxy(explicit, 'the proxy setting');
    return { http: proxy, https: proxy, isDirect };
  }
  const proxyIn = (name: string) => {
    const own = variable(env, name);
    const { text, source } = own.isSet ? own : variable(env, 'ALL_PROXY');
    return parseProxy(text, source);
  };
  return { http: proxyIn('HTTP_PROXY'), https: proxyIn('HTTPS_PROXY'), isDirect };
}

function variable(env: Environment, name: string): { text: string; source: string; isSet: boolean } {
  const lower = env[name.toLowerCase()];
  const text = lower ?? env[name];
  const source = lower === undefined ? name : name.toLowerCase();
  return { text: text ?? '', source, isSet: text !== undefined };
}

function parseProxy(text: string, source: string): ProxyServer | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const [, written = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  const scheme = schemeOf(written, source);
  // Parsed as http, whose rules for hosts are the intended ones.
  const address = `http://${rest}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.hostname === '') {
    throw new AppError(
      'BadRequest',
      `The address in ${source} can’t be used. It should look like http://proxy.example:3128 or socks5h://user:password@proxy.example:1080.`,
      { details: { variable: source } },
    );
  }
  const isPortGiven = url.port !== '' || /:80(?=[/?#]|$)/.test(rest);
  return {
    scheme,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: isPortGiven ? Number(url.port || 80) : DEFAULT_PORTS[scheme],
    username: decoded(url.username),
    password: decoded(url.password),
  };
}

/** `socks` is version 4, as in curl. */
function schemeOf(written: string, source: string): ProxyScheme {
  const lower = written.toLowerCase();
  const scheme = lower === 'socks' ? 'socks4' : PROXY_SCHEMES.find((known) => known === lower);
  if (scheme !== undefined) return scheme;
  const known = PROXY_SCHEMES.map((each) => `${each}://`).join(', ');
  throw new AppError(
    'BadRequest',
    `The proxy in ${source} begins with ${lower.slice(0, 30)}://, which isn’t supported. Use one of these: ${known}.`,
    { details: { variable: source, scheme: lower.slice(0, 30) } },
  );
}

/** A password with a lone percent sign is used as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
