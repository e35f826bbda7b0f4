import { BlockList, isIP } from 'node:net';

/**
 * True for hosts that are reached without the proxy. `port` is the effective port, even where the URL does not name it.
 */
export type DirectHosts = (hostname: string, port: number) => boolean;

/**
 * Parses `NO_PROXY` as curl does (its `noproxy.c`): names with their subdomains, with or without a leading dot,
 * addresses, networks such as `10.0.0.0/8` or `fe80::/10`, separated by commas or spaces; `*` is everything. As in
 * other tools, `host:port` and `*.example.org` are accepted too.
 */
export function directHosts(noProxy: string): DirectHosts {
  const entries = noProxy.split(/[\s,]+/).filter((entry) => entry !== '');
  const rules = entries.map(ruleOf);
  return (hostname, port) => {
    const host = plain(hostname);
    return rules.some((rule) => rule(host, port));
  };
}

function ruleOf(entry: string): DirectHosts {
  if (entry === '*') return () => true;
  const network = networkRule(entry);
  if (network !== null) return network;
  const { name, port } = divided(entry);
  const suffix = plain(name.replace(/^\*?\./, ''));
  if (suffix === '') return () => false;
  const isAddress = isIP(suffix) !== 0;
  return (host, usedPort) =>
    (port === null || port === usedPort) &&
    (isAddress || isIP(host) !== 0 ? sameAddress(host, suffix) : `.${host}`.endsWith(`.${suffix}`));
}

/** Parses `10.0.0.0/8`; returns null for anything else, and for an impossible network. */
function networkRule(entry: string): DirectHosts | null {
  const [, address = '', bits = ''] = /^\[?([\d.]+|[\da-f:.]*:[\da-f:.]*)\]?\/(\d{1,3})$/i.exec(entry) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return null;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const networks = new BlockList();
  networks.addSubnet(address, Number(bits), type);
  return (host) => isIP(host) === family && networks.check(host, type);
}

/** Splits `host:port`, where the host may be an IPv6 address in brackets. */
function divided(entry: string): { name: string; port: number | null } {
  const [, name, port] = /^(\[[^\]]*\]|[^:]+):(\d{1,5})$/.exec(entry) ?? [];
  return name === undefined ? { name: entry, port: null } : { name, port: Number(port) };
}

/** `::1` can be written in many ways. */
function sameAddress(a: string, b: string): boolean {
  const family = isIP(a);
  if (family === 0 || family !== isIP(b)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addAddress(b, type);
  return list.check(a, type);
}

/** Lower case, without the brackets of an IPv6 address and the dot at the end of a full name. */
function plain(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
