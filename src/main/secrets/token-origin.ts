import type { TokenStatus } from '../../shared/contract/app-commands.ts';
import { parsedAddress } from '../security/parsed-address.ts';

/** Where a token belongs: scheme, host and port of the Hub it was entered for. Null for what is no web address. */
export function tokenOrigin(endpoint: string): string | null {
  const url = parsedAddress(endpoint);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : null;
}

/**
 * Why a token of `origin` is not sent to `endpoint`; null when it may be. It goes to its own origin only, and never over a network
 * without encryption: a Hub on this computer is the only one for which `http:` will do.
 */
export function withheldBecause(origin: string | null, endpoint: string): TokenStatus['withheld'] | null {
  const target = parsedAddress(endpoint);
  if (target === null || origin === null || target.origin !== origin) return 'other-origin';
  return target.protocol === 'https:' || isLoopback(target.hostname) ? null : 'plain-http';
}

/** `localhost`, 127.0.0.0/8 and ::1, as `URL` writes them. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
