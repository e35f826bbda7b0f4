import { networkOf } from './discovery/network-of.ts';
import type { EngineOptions } from './engine-options.ts';
import type { EngineParts } from './engine-parts.ts';
import { serveCache } from './hub-server/serve-cache.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Sharing } from './sharing/sharing.ts';

/** Where it is shared, unless another program is there: then on any port that is free. */
const PORT = 8900;

/** Sharing with the network of this computer, as the setting says. Nothing is begun. */
export function openSharing(
  { cacheDir, version, ...options }: EngineOptions,
  { log, networkId: id }: EngineParts,
  ledger: Ledger,
): Sharing {
  const network = networkOf(options);
  const serveAt = (port: number) =>
    serveCache({
      cacheDir,
      version,
      host: network?.interface ?? null,
      port,
      withRecords: (work) => work(ledger),
      log,
    });
  return new Sharing({
    serve: () => serveAt(PORT).catch(() => serveAt(0)),
    announce: async (port) => {
      const { announce } = await import('./discovery/dns-sd.ts');
      return announce({ id, port, version }, log, network);
    },
    log,
  });
}
