import { randomBytes, randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { isSwitchedOn, knownCacheDirs } from './cache/cache-dir.ts';
import { toolFolders } from './cache/tool-folders.ts';
import { loadCatalog } from './catalog/load-catalog.ts';
import { Leases } from './coordination/leases.ts';
import type { EngineOptions } from './engine-options.ts';
import type { EngineParts } from './engine-parts.ts';
import { createEventStream } from './event-stream.ts';
import { thisMachine } from './hardware/this-machine.ts';
import { parseEndpoint } from './hub/endpoint.ts';
import { createHubClient, type HubClient } from './hub/hub-client.ts';
import { hubSession } from './hub/hub-session.ts';
import { createModelSearch } from './hub/search/model-search.ts';
import { openSeenModels } from './hub/search/seen-models.ts';
import { testEndpoint } from './hub/test-endpoint.ts';
import type { HashPool } from './integrity/hash-pool.ts';
import { defaultRoot } from './jobs/quantize/install/made-folder.ts';
import { unitThreads } from './jobs/quantize/open-builds.ts';
import { onlyOnce } from './only-once.ts';
import { xetClients } from './sources/xet/protocol/xet-clients.ts';

/** Builds the parts that both kinds of engine share. Nothing is requested or opened yet. */
export function buildParts(
  options: EngineOptions,
  dispatcher: Dispatcher,
  hasher: HashPool,
  signal: AbortSignal,
): EngineParts {
  const { dataDir, cacheDir, catalogFile, version, env, log } = options;
  const clock = { now: Date.now, monotonic: () => performance.now() };
  const token = { value: options.token, source: options.tokenSource ?? null };
  const hubOptions = {
    endpoint: parseEndpoint(options.endpoint),
    dispatcher,
    userAgent: userAgent(options),
    clock,
    listingWorkerUrl: options.listingWorkerUrl,
    token: () => token.value,
    tokenSource: () => token.source,
    log,
    offline: isSwitchedOn(env, 'HF_HUB_OFFLINE') || isSwitchedOn(env, 'TRANSFORMERS_OFFLINE'),
  };
  const session = hubSession(hubOptions);
  const hub = createHubClient(hubOptions, session);
  const xetClientFor = ({ xetToken, authorizationFor }: HubClient) =>
    xetClients({
      dispatcher,
      userAgent: userAgent(options),
      now: clock.now,
      askToken: xetToken,
      account: authorizationFor,
    });
  return {
    runId: randomUUID(),
    networkId: randomBytes(4).toString('hex'),
    version,
    dataDir,
    cacheDir,
    knownCacheDirs: [...new Set([cacheDir, ...knownCacheDirs(env, options.homeDir)])],
    toolFolders: toolFolders(env, options.homeDir),
    catalogFile,
    hub,
    modelSearch: createModelSearch(hubOptions, session),
    seenModels: openSeenModels(dataDir),
    token,
    clock,
    signal,
    catalog: onlyOnce(() => loadCatalog(catalogFile)),
    hardware: onlyOnce(() => thisMachine(env)),
    xetClient: xetClientFor(hub),
    accessWith: (own) => {
      const hubWithToken = hub.withToken(own);
      return { hub: hubWithToken, xetClient: xetClientFor(hubWithToken) };
    },
    testEndpoint: (address) =>
      testEndpoint(address, { dispatcher, clock, userAgent: userAgent(options) }, signal),
    hasher,
    startUnitThreads: unitThreads(options.unitWorkerUrl, log),
    buildRoot: ({ buildRoot }) => env.HAULYARD_BUILD_ROOT || (buildRoot ?? defaultRoot(cacheDir)),
    leases: new Leases(),
    events: createEventStream(clock.now, log),
    log,
  };
}

/** Returns how the engine identifies itself to servers. */
export function userAgent({ version }: Pick<EngineOptions, 'version'>): string {
  return `haulyard/${version}`;
}
