import { request } from 'node:http';
import { type CacheServer, type ServeOptions, serveCache } from '../../src/engine/hub-server/serve-cache.ts';
import { openLedgerReader } from '../../src/engine/ledger/ledger.ts';
import type { World } from './harness.ts';

/** Serves the cache of a world, with its ledger opened for reading, as `haulyard serve` does. */
export function share(
  { cacheDir, dataDir }: Pick<World, 'cacheDir' | 'dataDir'>,
  options: Partial<ServeOptions> = {},
): Promise<CacheServer & AsyncDisposable> {
  return serveCache({
    cacheDir,
    version: '0.0.0',
    host: '127.0.0.1',
    port: 0,
    log: () => undefined,
    async withRecords(work) {
      const ledger = openLedgerReader(dataDir, Date.now);
      try {
        return await work(ledger);
      } finally {
        ledger.close();
      }
    },
    ...options,
  }).then((server) => ({ ...server, [Symbol.asyncDispose]: server.close }));
}

/** An answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What {@link ask} sends besides the target. */
export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request whose target is not touched: `fetch` would take `..` out of it, and its own `Host` in. */
export function ask(
  { port }: Pick<CacheServer, 'port'>,
  target: string,
  { method = 'GET', headers = {}, body }: Question = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request({ host: '127.0.0.1', port, path: target, method, headers, agent: false }, (answer) => {
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part));
    answer.on('error', reject);
    answer.on('end', () =>
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers as Answer['headers'],
        body: Buffer.concat(parts),
      }),
    );
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
