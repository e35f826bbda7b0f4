import type { EngineMessage, EngineRequest, EngineSettings } from '../shared/contract/envelope.ts';
import { AppError } from '../shared/contract/errors.ts';
import type { EngineEvent } from '../shared/contract/events.ts';
import { proxyName, requireAgreement } from './connect/agreement.ts';
import { type ConnectedEngine, connectEngine } from './connect/connect-engine.ts';
import { type EngineOptions, openEngine } from './engine.ts';
import { classify } from './errors/classify.ts';
import type { OwnerInfo } from './serve/join.ts';
import type { SharedSettings } from './serve/protocol.ts';
import { serveClient } from './serve/serve-client.ts';

/**
 * Entry point of the engine process. The same code runs in a utility process of Electron, which has
 * `process.parentPort`, and in a child process of Node, which has `process.send`.
 */

/** Electron's end of the channel in a utility process. Source: https://www.electronjs.org/docs/latest/api/parent-port */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
let opening: Promise<ConnectedEngine> | null = null;
/** The supervisor is the one client of this process. */
const client = serveClient({ call: async (...call) => (await opened()).call(...call), on }, send);

function send(message: EngineMessage): void {
  if (parentPort) parentPort.postMessage(message);
  else if (process.connected) process.send?.(message);
}

async function receive(request: EngineRequest): Promise<void> {
  switch (request.type) {
    case 'open':
      return await open(request.settings);
    case 'stop':
      return await stop();
    default:
      return client.receive(request);
  }
}

async function open(settings: EngineSettings): Promise<void> {
  opening ??= connect(settings);
  const engine = await opening;
  engine.onNewRun(() => sendReady(engine));
  sendReady(engine);
}

function sendReady({ runId, owner }: ConnectedEngine): void {
  send({ type: 'ready', runId, ...(owner === null ? {} : { owner: owner.program }) });
}

/**
 * Connects to the engine of this process, or to that of another program that has the ledger: then this one is its guest
 * until it ends.
 */
function connect(settings: EngineSettings): Promise<ConnectedEngine> {
  const { cacheDir, endpoint, givenCatalog, token } = settings;
  const shared = { cacheDir, endpoint, catalog: givenCatalog, proxy: proxyName(process.env) };
  const log: EngineOptions['log'] = (level, message) => send({ type: 'log', level, message });
  return connectEngine({
    ...settings,
    settings: shared,
    run: { token, keepsFailures: true },
    runsQueue: true,
    ifAbsent: 'own',
    checkOwner: (owner) => requireSameSettings(shared, owner),
    open: () =>
      openEngine({
        ...settings,
        env: process.env,
        access: 'owner',
        autoStart: true,
        mayShare: true,
        hashWorkerUrl: new URL('./hash-worker.js', import.meta.url),
        unitWorkerUrl: new URL('./unit-worker.js', import.meta.url),
        listingWorkerUrl: new URL('./listing-worker.js', import.meta.url),
        log,
        onFatal: endWith,
      }),
    log,
    onFatal: endWith,
  });
}

/** Waits for an owner with another cache or Hub, as for one that cannot be reached. */
function requireSameSettings(settings: SharedSettings, owner: OwnerInfo): void {
  try {
    requireAgreement({ settings }, owner);
  } catch (error) {
    const { program, pid } = owner;
    throw new AppError('LedgerBusy', classify(error).message, { details: { program, pid } });
  }
}

async function opened(): Promise<ConnectedEngine> {
  if (!opening) throw new AppError('EngineUnavailable', 'The engine was not opened yet.');
  return await opening;
}

/** A subscriber from before the engine is open receives its events from the first one. */
function on(listener: (event: EngineEvent) => void): () => void {
  let off: () => void = () => undefined;
  let isWanted = true;
  opened().then(
    (engine) => {
      if (isWanted) off = engine.on(listener);
    },
    () => undefined, // The `fatal` message has the reason.
  );
  return () => {
    isWanted = false;
    off();
  };
}

async function stop(): Promise<void> {
  const engine = await opening?.catch(() => null);
  await engine?.close();
  send({ type: 'stopped' });
  process.exitCode = 0;
  if (!parentPort) process.disconnect?.();
  else process.exit();
}

/** The supervisor decides what to do about it; this process must not continue. */
function endWith(error: AppError): void {
  send({ type: 'fatal', error: error.toData() });
  setTimeout(() => process.exit(1), 100);
}

const onRequest = (request: EngineRequest) => {
  receive(request).catch((error) => endWith(classify(error)));
};
if (parentPort) parentPort.on('message', ({ data }) => onRequest(data as EngineRequest));
else process.on('message', onRequest);
// A supervisor that is gone will not request a stop any more.
process.on('disconnect', () => void stop().finally(() => process.exit()));
