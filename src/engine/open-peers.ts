import { userAgent } from './build-parts.ts';
import type { EngineOptions } from './engine-options.ts';
import type { EngineParts } from './engine-parts.ts';
import { createDispatcher } from './http/dispatcher.ts';
import { Peers } from './sources/peer/peers.ts';
import { SourcePaces } from './sources/several/source-paces.ts';

/** The other computers of this run. */
export interface OpenedPeers {
  readonly peers: Peers;
  readonly paces: SourcePaces;
  readonly close: () => Promise<void>;
}

/** Opens peers. Nothing is searched for or contacted before a download may use peers. */
export function openPeers(options: EngineOptions, { clock, log, signal }: EngineParts): OpenedPeers {
  // A proxy leads away from the network with the peers.
  const dispatcher = createDispatcher({ env: {} });
  const paces = new SourcePaces(clock.monotonic);
  const peers = new Peers({
    session: { dispatcher, userAgent: userAgent(options) },
    paces,
    look: async () => undefined,
    now: clock.monotonic,
    log,
    signal,
  });
  return { peers, paces, close: () => dispatcher.destroy() };
}
