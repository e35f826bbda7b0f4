import { setTimeout as sleep } from 'node:timers/promises';
import { userAgent } from './build-parts.ts';
import type { Announcement } from './discovery/announcement.ts';
import type { Running } from './discovery/dns-sd.ts';
import { networkOf } from './discovery/network-of.ts';
import type { EngineOptions } from './engine-options.ts';
import type { EngineParts } from './engine-parts.ts';
import { createDispatcher } from './http/dispatcher.ts';
import { onlyOnce } from './only-once.ts';
import { Peers } from './sources/peer/peers.ts';
import { SourcePaces } from './sources/several/source-paces.ts';

/** Computers that are there have answered after this time, in milliseconds. */
const LOOK_MS = 1000;

/** The other computers of this run. */
export interface OpenedPeers {
  readonly peers: Peers;
  readonly paces: SourcePaces;
  readonly close: () => Promise<void>;
}

/** Opens peers. Nothing is searched for or contacted before a download may use peers. */
export function openPeers(
  options: EngineOptions,
  { clock, log, signal, networkId }: EngineParts,
): OpenedPeers {
  // A proxy leads away from the network with the peers.
  const dispatcher = createDispatcher({ env: {} });
  const paces = new SourcePaces(clock.monotonic);
  let looking: Running | null = null;
  const onFound = ({ id, url, name }: Announcement) => {
    if (id !== networkId) peers.found({ id: url, url, name, isNamed: false });
  };
  const look = onlyOnce(async () => {
    const { lookAround } = await import('./discovery/dns-sd.ts');
    if (signal.aborted) return;
    looking = lookAround(onFound, ({ url }) => peers.gone(url), log, networkOf(options));
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  });
  const peers = new Peers({
    session: { dispatcher, userAgent: userAgent(options) },
    paces,
    look,
    now: clock.monotonic,
    log,
    signal,
  });
  return {
    peers,
    paces,
    close: async () => void (await Promise.all([looking?.close(), dispatcher.destroy()])),
  };
}
