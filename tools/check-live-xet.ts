import { parseArgs } from 'node:util';
import { createDispatcher } from '../src/engine/http/dispatcher.ts';
import { parseEndpoint } from '../src/engine/hub/endpoint.ts';
import { createHubClient } from '../src/engine/hub/hub-client.ts';
import { termHashes } from '../src/engine/sources/xet/proof/term-hashes.ts';
import { xetClients } from '../src/engine/sources/xet/protocol/xet-clients.ts';

/**
 * Asks a real Hub what no document says about its Xet storage, and prints it as lines to paste into an issue: no content is fetched,
 * and neither token nor signed URL is printed.
 *
 *   node tools/check-live-xet.ts --repo org/name --file model.safetensors [--revision main] [--endpoint https://huggingface.co]
 */
const { values } = parseArgs({
  options: {
    repo: { type: 'string' },
    file: { type: 'string' },
    revision: { type: 'string', default: 'main' },
    endpoint: { type: 'string', default: 'https://huggingface.co' },
  },
});
const { repo, file: path, revision, endpoint } = values;
if (!repo || !path) throw new Error('Name a repository with --repo and one of its large files with --file.');

const signal = AbortSignal.timeout(300_000);
const dispatcher = createDispatcher({ env: process.env });
const userAgent = 'haulyard-check';
const hub = createHubClient({
  endpoint: parseEndpoint(endpoint),
  dispatcher,
  userAgent,
  clock: Date,
  listingWorkerUrl: new URL('../src/engine/hub/listing-worker.ts', import.meta.url),
  token: () => process.env.HF_TOKEN ?? null,
  offline: false,
});
const say = (what: string, value: unknown) => console.log(`${what}: ${value}`);
const words = (error: unknown) => (error instanceof Error ? error.message : String(error));

try {
  const { commit } = await hub.repositoryInfo(repo, revision, signal);
  const file = { repo, commit, path };
  const { xet, size } = await hub.locate(file, signal);
  say('commit', commit);
  say('size', size);
  if (xet === null || size === null) throw new Error(`${path} is not in Xet storage.`);
  const token = await hub.xetToken(xet.tokenUrl, file, signal);
  say('life of a token in seconds', Math.round((token.expiresAtMs - Date.now()) / 1000));
  say('storage', new URL(token.casUrl).host);
  const clientOf = xetClients({
    dispatcher,
    userAgent,
    now: Date.now,
    askToken: async () => token,
    account: () => undefined,
  });
  const client = clientOf(file, size, xet);
  const plan = await client.reconstruction(signal);
  if (plan === null) throw new Error('The storage knows no reconstruction of the file.');
  const xorbs = new Set(plan.terms.map(({ xorb }) => xorb));
  say('terms', plan.terms.length);
  say('terms that begin a xorb', plan.terms.filter(({ chunkStart }) => chunkStart === 0).length);
  say('xorbs', xorbs.size);
  const urls = [...plan.fetches.values()].flat().map(({ url }) => new URL(url));
  const lives = urls.map((url) => Number(url.searchParams.get('Expires')) - Date.now() / 1000);
  say('hosts of xorbs', [...new Set(urls.map(({ host }) => host))].join(', '));
  say('life of a URL of a xorb in seconds', Math.round(Math.min(...lives)));
  say(
    'URLs tell their signed range',
    urls.every((url) => url.searchParams.has('X-Xet-Signed-Range')),
  );
  const told = await termHashes(client, plan.terms, signal).catch(words);
  say('verification hashes', told instanceof Map ? `${told.size} of ${plan.terms.length} terms` : told);
  for (const count of [1, 10, 50, 100]) {
    const offsets = Array.from({ length: count }, (_, index) => Math.floor((index * size) / count));
    const answer = await client.chunkHashes(offsets, signal).catch(words);
    say(
      `${count} dirty ranges`,
      answer === null || typeof answer === 'string' ? answer : `${answer.nodes.length} nodes`,
    );
  }
} finally {
  await dispatcher.close();
}
