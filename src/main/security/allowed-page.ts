import { parsedAddress } from './parsed-address.ts';

/** Hosts whose pages the app may open in the browser: those of the Hub, with its documentation. */
const HOSTS: readonly string[] = ['huggingface.co', 'www.huggingface.co'];

/**
 * Returns the URL as it may be passed to the browser, null when it may not: only https, only the hosts of the list and
 * of the current endpoint, no credentials, no other port. A mirror may be plain http when the user configured it so.
 */
export function allowedPage(address: string, endpoint: string): string | null {
  const url = parsedAddress(address);
  if (url === null || `${url.username}${url.password}` !== '') return null;
  const isListed = url.protocol === 'https:' && url.port === '' && HOSTS.includes(url.hostname);
  const isMirror = /^https?:$/.test(url.protocol) && url.origin === parsedAddress(endpoint)?.origin;
  return isListed || isMirror ? url.href : null;
}
