import { AppError } from '../../shared/contract/errors.ts';

/** Proxies to use; an empty text is none. */
export interface ProxySettings {
  /** For `http:` addresses. */
  readonly http: string;
  /** For `https:` addresses. */
  readonly https: string;
  /** Hosts that are reached directly, as in `NO_PROXY`. */
  readonly except: string;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Protocols of a proxy that undici speaks. */
const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks:']);

/**
 * Which proxies to use. An explicit one serves for everything; else `HTTP_PROXY` and `HTTPS_PROXY`, each for its own
 * protocol as curl and Python do; `NO_PROXY` counts in both cases. Lower-case names win.
 *
 * Throws `BadRequest` for a proxy that is not an address, without repeating it: it may hold a password.
 */
export function proxySettings(env: Environment, explicit?: string): ProxySettings {
  const variable = (name: string) => env[name.toLowerCase()] ?? env[name] ?? '';
  return {
    http: proxyUrl(
      explicit ?? variable('HTTP_PROXY'),
      explicit === undefined ? 'HTTP_PROXY' : 'the proxy setting',
    ),
    https: proxyUrl(
      explicit ?? variable('HTTPS_PROXY'),
      explicit === undefined ? 'HTTPS_PROXY' : 'the proxy setting',
    ),
    except: variable('NO_PROXY'),
  };
}

function proxyUrl(text: string, source: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const url = trimmed.includes('://') ? trimmed : `http://${trimmed}`;
  if (URL.canParse(url) && PROTOCOLS.has(new URL(url).protocol)) return url;
  throw new AppError(
    'BadRequest',
    `The address in ${source} cannot be used. It looks like http://proxy.example:3128.`,
  );
}
