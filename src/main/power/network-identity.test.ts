import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isNewChance, networkIdentity } from './network-identity.ts';

const address = (text: string, changes: Partial<NetworkInterfaceInfo> = {}) =>
  ({ address: text, internal: false, family: 'IPv4', ...changes }) as NetworkInterfaceInfo;

describe('networkIdentity', () => {
  it('does not depend on the order in which the system lists', () => {
    const one = { en0: [address('10.0.0.2')], en1: [address('10.0.0.3')] };
    const two = { en1: [address('10.0.0.3')], en0: [address('10.0.0.2')] };
    expect(networkIdentity(one)).toBe(networkIdentity(two));
  });

  it('leaves out the loop back and link-local addresses', () => {
    const linkLocal = address('fe80::1', { family: 'IPv6', scopeid: 4 } as Partial<NetworkInterfaceInfo>);
    expect(networkIdentity({ lo: [address('127.0.0.1', { internal: true })], en0: [linkLocal] })).toBe('');
  });

  it('differs on another network', () => {
    expect(networkIdentity({ en0: [address('10.0.0.2')] })).not.toBe(
      networkIdentity({ en0: [address('192.168.1.2')] }),
    );
  });
});

describe('isNewChance', () => {
  const home = { identity: 'en0 10.0.0.2', isOnline: true };
  const offline = { identity: '', isOnline: false };

  it('exists when the network comes back or is another one', () => {
    expect(isNewChance(offline, home)).toBe(true);
    expect(isNewChance(home, { ...home, identity: 'en0 192.168.1.2' })).toBe(true);
  });

  it('does not exist when nothing changed or the network is gone', () => {
    expect(isNewChance(home, home)).toBe(false);
    expect(isNewChance(home, offline)).toBe(false);
    expect(isNewChance(home, { identity: '', isOnline: true })).toBe(false);
    expect(isNewChance(home, { identity: 'docker0 172.17.0.1', isOnline: false })).toBe(false);
  });
});
