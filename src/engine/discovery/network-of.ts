import type { EngineOptions } from '../engine-options.ts';
import type { Network } from './dns-sd.ts';

/** Names the address of the interface to share on, for a computer that is in several networks. */
const INTERFACE = 'HAULYARD_NETWORK_INTERFACE';

/** Returns the network to share with and to look around in; undefined for all that this computer is in. */
export function networkOf({ network, env }: Pick<EngineOptions, 'network' | 'env'>): Network | undefined {
  const address = env[INTERFACE]?.trim() ?? '';
  return network ?? (address === '' ? undefined : { interface: address });
}
