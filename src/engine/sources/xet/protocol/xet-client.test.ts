import type { Dispatcher } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createDispatcher } from '../../../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../../../http/scripted-server.ts';
import { tokenCache } from './token-cache.ts';
import { xetClient } from './xet-client.ts';

const never = new AbortController().signal;
const open: Array<{ server: ScriptedServer; dispatcher: Dispatcher }> = [];
afterEach(async () => {
  for (const { server, dispatcher } of open.splice(0)) {
    await dispatcher.destroy();
    await server.close();
  }
});

/** Requests the reconstruction of a file from storage that answers everything with this text. */
async function planFrom(text: string) {
  const server = await scriptedServer((_request, response) => void response.end(text));
  const dispatcher = createDispatcher({ env: {}, certificates: () => [] });
  open.push({ server, dispatcher });
  const client = xetClient(
    { hash: 'a'.repeat(64), size: 1000 },
    {
      dispatcher,
      userAgent: 'haulyard/test',
      tokens: tokenCache(Date.now),
      tokenKey: () => '',
      askToken: async () => ({
        accessToken: 'xet',
        expiresAtMs: Date.now() + 3_600_000,
        casUrl: server.origin,
      }),
    },
  );
  return client.reconstruction(never);
}

describe('an answer that would cost too much to read', () => {
  it.each([
    ['of millions of empty objects', `[${'{},'.repeat(1_000_000)}{}]`, /very many small values/],
    ['of millions of numbers', `[${'1,'.repeat(1_000_000)}1]`, /very many small values/],
    ['that is very deep', '['.repeat(2_000_000), /very many small values/],
    ['that is very long', `"${'x'.repeat(8 * 1024 * 1024)}"`, /too long to be true/],
    ['that is no JSON', '<html>', /no JSON/],
  ])('is refused: one %s', async (_, text, message) => {
    await expect(planFrom(text)).rejects.toMatchObject({
      code: 'ServerError',
      retryable: false,
      message: expect.stringMatching(message),
    });
  });
});
