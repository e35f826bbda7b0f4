import type { NetworkInterfaceInfo } from 'node:os';

/** Answer of `os.networkInterfaces()`. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * Returns a string that changes when the computer joins another network. Excludes the computer's own addresses, and
 * those that every link has.
 */
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

/** A snapshot of the network. */
export interface NetworkLook {
  readonly identity: string;
  readonly isOnline: boolean;
}

/** True when it is worth retrying what failed before. */
export function isNewChance(before: NetworkLook, now: NetworkLook): boolean {
  return now.isOnline && (!before.isOnline || (now.identity !== before.identity && now.identity !== ''));
}
