import type { Network } from './dns-sd.ts';

/** Names the address of the interface to share on, for a computer that is in several networks. */
const INTERFACE = 'HAULYARD_NETWORK_INTERFACE';

/** Settings of an engine that decide in which network it is. */
interface NetworkSettings {
  readonly network?: Network;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Returns the network to share with and to look around in; undefined for all that this computer is in. */
export function networkOf({ network, env }: NetworkSettings): Network | undefined {
  const address = env[INTERFACE]?.trim() ?? '';
  return network ?? (address === '' ? undefined : { interface: address });
}
