import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Dispatcher } from 'undici';
import {
  type CommandArgs,
  type CommandInput,
  type CommandResult,
  type EngineCommandName,
  engineCommands,
} from '../shared/contract/commands.ts';
import { AppError } from '../shared/contract/errors.ts';
import type { EngineEvent } from '../shared/contract/events.ts';
import type { CatalogVariant } from '../shared/model/catalog.ts';
import type { RunOptions } from '../shared/model/run-options.ts';
import { isSwitchedOn, knownCacheDirs } from './cache/cache-dir.ts';
import { createVolumeProbes } from './cache/probes.ts';
import { loadCatalog } from './catalog/load-catalog.ts';
import { ownerHandlers } from './commands/owner-handlers.ts';
import { readerHandlers } from './commands/read-handlers.ts';
import { Checkpointer } from './contents/checkpointer.ts';
import type { DownloadContext } from './contents/context.ts';
import { IdleMeter } from './contents/idle-meter.ts';
import { KeyedMutex } from './coordination/keyed-mutex.ts';
import { Leases } from './coordination/leases.ts';
import { DiskBudget } from './disk/disk-budget.ts';
import { OpenFiles } from './disk/open-files.ts';
import type { EngineOptions } from './engine-options.ts';
import type { CallScope, CommandHandlers, EngineParts } from './engine-parts.ts';
import { classify } from './errors/classify.ts';
import { createEventStream } from './event-stream.ts';
import { thisMachine } from './hardware/this-machine.ts';
import { createDispatcher } from './http/dispatcher.ts';
import { parseEndpoint } from './hub/endpoint.ts';
import { createHubClient, type HubClient } from './hub/hub-client.ts';
import { hubSession } from './hub/hub-session.ts';
import { createModelSearch } from './hub/search/model-search.ts';
import { openSeenModels } from './hub/search/seen-models.ts';
import { testEndpoint } from './hub/test-endpoint.ts';
import { HashPool } from './integrity/hash-pool.ts';
import { defaultRoot } from './jobs/quantize/install/made-folder.ts';
import { makeAfterDownloads } from './jobs/quantize/make-after-downloads.ts';
import { openBuilds, unitThreads } from './jobs/quantize/open-builds.ts';
import { type Ledger, openLedger, openLedgerReader } from './ledger/ledger.ts';
import { onlyOnce } from './only-once.ts';
import { failUnparsed } from './queue/fail-unparsed.ts';
import { DownloadQueue } from './queue/queue.ts';
import { recordEvent } from './record-event.ts';
import { TransportJudge } from './sources/transport-judge.ts';
import { xetClients } from './sources/xet/protocol/xet-clients.ts';
import { DecodeBuffers } from './sources/xet/transport/decode-buffers.ts';
import { HostBackoff } from './transfer/host-backoff.ts';
import { RangeSupport } from './transfer/range-support.ts';
import { RateLimiter } from './transfer/rate-limiter.ts';

export type { EngineOptions } from './engine-options.ts';

/** Threads that hash: one for the running file hash, one for chunks. More would only wait for the same memory. */
const HASH_THREADS = Math.max(1, Math.min(2, availableParallelism()));

/** What a caller may say beside the arguments. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** What holds for the downloads that this call adds or resumes. */
  readonly run?: RunOptions;
}

export interface Engine {
  /** New for each start. */
  readonly runId: string;
  /**
   * Does one command. Arguments are checked; every failure is an `AppError`. What can be stopped ends with `Cancelled` when
   * `signal` is aborted.
   */
  call<N extends EngineCommandName>(
    name: N,
    args: CommandInput<N>,
    options?: CallOptions,
  ): Promise<CommandResult<N>>;
  /** Listens to all events; returns the function that ends it. */
  on(listener: (event: EngineEvent) => void): () => void;
  /** Ends in order: transfers stop, what had arrived is made safe, the ledger is given back. */
  close(): Promise<void>;
}

/**
 * Builds an engine and hands every part what it needs. With `access: 'reader'` it opens the ledger without owning it:
 * commands that would change something fail. Throws `LedgerBusy` when another process owns the ledger.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const abort = new AbortController();
  const dispatcher = createDispatcher({ env: options.env });
  const hasher = new HashPool(options.hashWorkerUrl, HASH_THREADS);
  try {
    const parts = buildParts(options, dispatcher, hasher, abort.signal);
    const opened =
      options.access === 'owner' ? await openOwner(options, parts, dispatcher) : openReader(options, parts);
    const calls = new Set<Promise<unknown>>();
    const close = onlyOnce(async () => {
      abort.abort(new AppError('Cancelled', 'The engine is stopping.'));
      // Downloads stop first: commands may wait for one to end. The ledger stays open until no command needs it.
      await opened.stop();
      await Promise.allSettled(calls);
      await opened.close();
      await parts.seenModels.close();
      await Promise.all([hasher.close(), dispatcher.destroy()]);
    });
    return {
      runId: parts.runId,
      on: parts.events.on,
      call: caller(opened.handlersFor, parts.signal, calls),
      close,
    };
  } catch (error) {
    await Promise.all([hasher.close(), dispatcher.destroy()]);
    throw classify(error, { disk: options.dataDir });
  }
}

function buildParts(
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
    version,
    dataDir,
    cacheDir,
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

/** What the two kinds of engine differ in. */
interface Opened {
  readonly handlersFor: (scope: CallScope) => CommandHandlers;
  /** Ends what runs in the background. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

async function openOwner(
  options: EngineOptions,
  parts: EngineParts,
  dispatcher: Dispatcher,
): Promise<Opened> {
  const ledger = await openLedger({
    dataDir: options.dataDir,
    runId: parts.runId,
    program: options.program,
    now: parts.clock.now,
    log: parts.log,
    onLost: () =>
      options.onFatal?.(new AppError('LedgerBusy', 'Another program took this data folder over.')),
  });
  try {
    return await buildOwner(options, parts, dispatcher, ledger);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function buildOwner(
  options: EngineOptions,
  parts: EngineParts,
  dispatcher: Dispatcher,
  ledger: Ledger,
): Promise<Opened> {
  const { clock, events, hub, hasher, log } = parts;
  events.on((event) => recordEvent(ledger, event, log));
  failUnparsed(ledger, clock, log);
  const idleMeter = new IdleMeter();
  const checkpointer = new Checkpointer({
    commit: (checkpoint) => ledger.commit(checkpoint),
    counters: () => downloads.counters(),
    now: clock.monotonic,
  });
  const limiter = new RateLimiter(clock.monotonic);
  limiter.setRate(options.limitBytesPerSecond ?? ledger.settings.get().limitBytesPerSecond);
  const diskBudget = new DiskBudget();
  const context: DownloadContext = {
    ledger,
    hub,
    hasher,
    xetClient: parts.xetClient,
    checkpointer,
    mayCheckHere: () => idleMeter.isIdle,
    dispatcher,
    userAgent: userAgent(options),
    limiter,
    clock,
    hostBackoff: new HostBackoff(clock.monotonic, options.random ?? Math.random),
    rangeSupport: new RangeSupport(clock.monotonic),
    transportJudge: new TransportJudge(clock.monotonic),
    decodeBuffers: new DecodeBuffers(),
    probes: createVolumeProbes({ symlinksDisabled: isSwitchedOn(options.env, 'HF_HUB_DISABLE_SYMLINKS') }),
    blobLocks: new KeyedMutex(),
    leases: parts.leases,
    diskBudget,
    openFiles: new OpenFiles(),
    signal: parts.signal,
    knownCacheDirs: knownCacheDirs(options.env, options.homeDir),
    emit: events.emit,
    log,
    giveUpAfterMs: options.giveUpAfterMs,
    waitsForDisk: options.waitsForDisk ?? true,
  };
  const findVariant = await storedVariants(parts);
  const downloads = new DownloadQueue({
    context,
    endpoint: hub.endpoint.url,
    cacheDir: options.cacheDir,
    keepsFailures: options.autoStart,
    accessWith: parts.accessWith,
    findVariant,
  });
  const builds = await openBuilds({ ...parts, waitsForDisk: context.waitsForDisk }, ledger, diskBudget);
  const made = makeAfterDownloads(parts, ledger, builds);
  const jobs = { downloads, builds, makeAfter: made.start };
  const startAll = () => {
    for (const start of [() => downloads.startAll(), () => builds.startAll(), made.startMissed]) {
      try {
        start();
      } catch (error) {
        log('error', `What was running could not be started again: ${classify(error).message}`);
      }
    }
  };
  // Not before the caller had a chance to listen.
  if (options.autoStart) setImmediate(startAll);
  return {
    handlersFor: (scope) => ownerHandlers(scoped(parts, scope), jobs, ledger, limiter),
    stop: async () => void (await Promise.all([downloads.close(), builds.close()])),
    close: async () => {
      await checkpointer.flush();
      checkpointer.stop();
      await ledger.close();
    },
  };
}

function openReader(options: EngineOptions, parts: EngineParts): Opened {
  const ledger = openLedgerReader(options.dataDir, parts.clock.now);
  return {
    handlersFor: (scope) => readerHandlers(scoped(parts, scope), ledger),
    stop: async () => undefined,
    close: async () => ledger.close(),
  };
}

/** The parts for one call: it may be taken back, and it may come with a token of its own. */
function scoped(parts: EngineParts, scope: CallScope): EngineParts & CallScope {
  const { token } = scope.run;
  return { ...parts, ...scope, ...(token ? parts.accessWith(token) : {}) };
}

const userAgent = ({ version }: EngineOptions): string => `haulyard/${version}`;

/** Finds the variants of stored downloads. A catalog that cannot be read leaves them without pins. */
async function storedVariants({ catalog, log }: EngineParts) {
  const models = await catalog().then(
    (loaded) => loaded.models,
    (error) => {
      log('warn', classify(error).message);
      return [];
    },
  );
  return (model: string | null, variant: string | null): CatalogVariant | null =>
    models.find(({ id }) => id === model)?.variants.find(({ id }) => id === variant) ?? null;
}

function caller(
  handlersFor: Opened['handlersFor'],
  ending: AbortSignal,
  calls: Set<Promise<unknown>>,
): Engine['call'] {
  return async <N extends EngineCommandName>(
    name: N,
    args: CommandInput<N>,
    options: CallOptions = {},
  ): Promise<CommandResult<N>> => {
    if (!Object.hasOwn(engineCommands, name))
      throw new AppError('BadRequest', `There is no command ${String(name)}.`);
    const parsed = engineCommands[name].args.safeParse(args);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new AppError(
        'BadRequest',
        `${String(name)}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
      );
    }
    const signal = options.signal ? AbortSignal.any([ending, options.signal]) : ending;
    const call = handlersFor({ signal, run: options.run ?? {} })[name](parsed.data as CommandArgs<N>);
    calls.add(call);
    try {
      return await call;
    } catch (error) {
      throw classify(error);
    } finally {
      calls.delete(call);
    }
  };
}
