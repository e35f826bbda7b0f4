import type { TokenStatus } from '../../shared/contract/app-commands.ts';
import { parsedAddress } from '../security/parsed-address.ts';

/**
 * Returns the origin a token belongs to: scheme, host and port of the Hub it was entered for. Null for what is not a
 * web URL.
 */
export function tokenOrigin(endpoint: string): string | null {
  const url = parsedAddress(endpoint);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : null;
}

/**
 * Returns why a token of `origin` is not sent to `endpoint`; null when it may be. It is sent to its own origin only,
 * and never over a network without encryption: `http:` is accepted only for a Hub on this computer.
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
