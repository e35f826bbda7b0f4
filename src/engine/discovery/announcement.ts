import { isIPv4 } from 'node:net';

/** Type of the service, `_haulyard._tcp` on the wire. */
export const SERVICE_TYPE = 'haulyard';

const MAX_NAME_LENGTH = 40;
/** A label of DNS has 63 bytes at most. */
const MAX_LABEL_BYTES = 63;
const ID = /^[0-9a-f]{6,32}$/;

/** What a stranger announces, as the library hands it on: nothing of it is checked. */
export interface RawAnnouncement {
  readonly name?: unknown;
  readonly port?: unknown;
  readonly txt?: unknown;
  /** Who sent the packet. */
  readonly referer?: { readonly address?: unknown } | undefined;
}

/** An announcement that makes sense. */
export interface Announcement {
  /** Of the run that announces; only good to recognize oneself. */
  readonly id: string;
  readonly url: string;
  readonly name: string;
}

/**
 * Reads an announcement; null for one that makes no sense. The address is that of the sender, whatever addresses the announcement
 * names, and one of a private network: nobody can send us to somebody else.
 */
export function readAnnouncement({ name, port, txt, referer }: RawAnnouncement): Announcement | null {
  const address = referer?.address;
  const id = (txt as { readonly id?: unknown } | null | undefined)?.id;
  if (typeof address !== 'string' || !isPrivate(address)) return null;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  if (typeof id !== 'string' || !ID.test(id)) return null;
  return { id, url: `http://${address}:${port}`, name: shownName(name, id) || address };
}

/** The name under which this computer is announced: what its user calls it, and the id, which makes it the only one. */
export function announcedName(computer: string, id: string): string {
  const suffix = ` (${id})`;
  const short = shown(computer.split('.')[0] ?? '') || 'Haulyard';
  let name = short;
  while (Buffer.byteLength(name + suffix) > MAX_LABEL_BYTES) name = [...name].slice(0, -1).join('');
  return name + suffix;
}

function shownName(name: unknown, id: string): string {
  if (typeof name !== 'string') return '';
  const own = name.endsWith(` (${id})`) ? name.slice(0, -` (${id})`.length) : name;
  return [...shown(own)].slice(0, MAX_NAME_LENGTH).join('');
}

/** Without what shows nothing, or turns the direction of what follows. */
const shown = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** Addresses that no machine of the internet has: RFC 1918, link-local, loopback. */
function isPrivate(address: string): boolean {
  if (!isIPv4(address)) return false;
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 10 ||
    a === 127 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254)
  );
}
