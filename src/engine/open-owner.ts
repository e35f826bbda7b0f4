import type { Dispatcher } from 'undici';
import { AppError } from '../shared/contract/errors.ts';
import type { CatalogVariant } from '../shared/model/catalog.ts';
import { userAgent } from './build-parts.ts';
import { isSwitchedOn } from './cache/cache-dir.ts';
import { createVolumeProbes } from './cache/probes.ts';
import { ownerHandlers } from './commands/owner-handlers.ts';
import { Checkpointer } from './contents/checkpointer.ts';
import type { DownloadContext } from './contents/context.ts';
import { IdleMeter } from './contents/idle-meter.ts';
import { KeyedMutex } from './coordination/keyed-mutex.ts';
import { DiskBudget } from './disk/disk-budget.ts';
import { OpenFiles } from './disk/open-files.ts';
import type { EngineOptions } from './engine-options.ts';
import type { EngineParts } from './engine-parts.ts';
import { classify } from './errors/classify.ts';
import { makeAfterDownloads } from './jobs/quantize/make-after-downloads.ts';
import { openBuilds } from './jobs/quantize/open-builds.ts';
import { type Ledger, openLedger } from './ledger/ledger.ts';
import { openPeers } from './open-peers.ts';
import { openSharing } from './open-sharing.ts';
import { type Opened, scoped } from './opened.ts';
import { failUnparsed } from './queue/fail-unparsed.ts';
import { DownloadQueue } from './queue/queue.ts';
import { recordEvent } from './record-event.ts';
import { TransportJudge } from './sources/transport-judge.ts';
import { DecodeBuffers } from './sources/xet/transport/decode-buffers.ts';
import { HostBackoff } from './transfer/host-backoff.ts';
import { RangeSupport } from './transfer/range-support.ts';
import { RateLimiter } from './transfer/rate-limiter.ts';

/** Opens the engine that owns the ledger: the queue, the builds, and everything they share. */
export async function openOwner(
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
  const openedPeers = openPeers(options, parts);
  const sharing = openSharing(options, parts, ledger);
  if (options.mayShare && ledger.settings.get().sharing) void sharing.set(true);
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
    peers: openedPeers.peers,
    sourcePaces: openedPeers.paces,
    probes: createVolumeProbes({ symlinksDisabled: isSwitchedOn(options.env, 'HF_HUB_DISABLE_SYMLINKS') }),
    blobLocks: new KeyedMutex(),
    leases: parts.leases,
    diskBudget,
    openFiles: new OpenFiles(),
    signal: parts.signal,
    knownCacheDirs: parts.knownCacheDirs,
    toolFolders: parts.toolFolders,
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
  const jobs = { downloads, builds, makeAfter: made.start, sharing: options.mayShare ? sharing : null };
  const startAll = () => {
    for (const start of [() => downloads.startAll(), () => builds.startAll(), made.startMissed]) {
      try {
        start();
      } catch (error) {
        log('error', `What was running could not be started again: ${classify(error).message}`);
      }
    }
  };
  // Not before the caller had a chance to subscribe.
  if (options.autoStart) setImmediate(startAll);
  return {
    handlersFor: (scope) => ownerHandlers(scoped(parts, scope), jobs, ledger, limiter),
    stop: async () => void (await Promise.all([downloads.close(), builds.close(), sharing.close()])),
    close: async () => {
      await openedPeers.close();
      await checkpointer.flush();
      checkpointer.stop();
      await ledger.close();
    },
  };
}

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
