import type { IncomingMessage, ServerResponse } from 'node:http';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { parseEndpoint } from './endpoint.ts';
import { createHubClient, type HubClient, type HubClientOptions } from './hub-client.ts';

/** A Hub for a test, and a client of it. */
export interface ScriptedHub {
  readonly client: HubClient;
  readonly server: ScriptedServer;
  close(): Promise<void>;
}

/** For tests: a server on 127.0.0.1 that responds as scripted, and a client that uses it as the Hub. */
export async function scriptedHub(
  answer: (request: IncomingMessage, response: ServerResponse, origins: ScriptedServer) => void,
  options: Partial<HubClientOptions> = {},
): Promise<ScriptedHub> {
  const server = await scriptedServer((request, response) => answer(request, response, server));
  const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
  const client = createHubClient({
    endpoint: parseEndpoint(server.origin),
    token: () => null,
    dispatcher,
    clock: Date,
    offline: false,
    userAgent: 'haulyard/test',
    listingWorkerUrl: new URL('listing-worker.ts', import.meta.url),
    ...options,
  });
  return {
    client,
    server,
    async close() {
      await dispatcher.destroy();
      await server.close();
    },
  };
}
