import type { NetworkInterfaceInfo } from 'node:os';

/** Answer of `os.networkInterfaces()`. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** A text that changes when the computer joins another network. Addresses of one's own stay out, and so do those that every link has. */
export function networkIdentity(interfaces: Interfaces): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses]) =>
      (addresses ?? [])
        .filter(({ internal, scopeid }) => !internal && !scopeid)
        .map(({ address }) => `${name} ${address}`),
    )
    .sort()
    .join('\n');
}

/** What was seen of the network at a time. */
export interface NetworkLook {
  readonly identity: string;
  readonly isOnline: boolean;
}

/** True when it is worth trying now what failed before. */
export function isNewChance(before: NetworkLook, now: NetworkLook): boolean {
  return now.isOnline && (!before.isOnline || (now.identity !== before.identity && now.identity !== ''));
}
