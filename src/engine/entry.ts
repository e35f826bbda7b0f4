import type { EngineMessage, EngineRequest, EngineSettings, Outcome } from '../shared/contract/envelope.ts';
import { AppError } from '../shared/contract/errors.ts';
import { type Engine, openEngine } from './engine.ts';
import { classify } from './errors/classify.ts';

/**
 * Entry of the engine process. The same code runs in a utility process of Electron, which has `process.parentPort`, and in
 * a child process of Node, which has `process.send`.
 */

/** Electron's end of the channel in a utility process. Source: https://www.electronjs.org/docs/latest/api/parent-port */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort };
let opening: Promise<Engine> | null = null;

function send(message: EngineMessage): void {
  if (parentPort) parentPort.postMessage(message);
  else if (process.connected) process.send?.(message);
}

async function receive(request: EngineRequest): Promise<void> {
  switch (request.type) {
    case 'open':
      return await open(request.settings);
    case 'call':
      return send({ type: 'answer', id: request.id, outcome: await call(request) });
    case 'stop':
      return await stop();
  }
}

async function open(settings: EngineSettings): Promise<void> {
  opening ??= openEngine({
    ...settings,
    env: process.env,
    access: 'owner',
    autoStart: true,
    hashWorkerUrl: new URL('./hash-worker.js', import.meta.url),
    unitWorkerUrl: new URL('./unit-worker.js', import.meta.url),
    listingWorkerUrl: new URL('./listing-worker.js', import.meta.url),
    log: (level, message) => send({ type: 'log', level, message }),
    onFatal: endWith,
  });
  const engine = await opening;
  engine.on((event) => send({ type: 'event', event }));
  send({ type: 'ready', runId: engine.runId });
}

async function call(request: Extract<EngineRequest, { type: 'call' }>): Promise<Outcome<unknown>> {
  try {
    if (!opening) throw new AppError('EngineUnavailable', 'The engine was not opened yet.');
    const engine = await opening;
    return { ok: true, value: await engine.call(request.name, request.args as never) };
  } catch (error) {
    return { ok: false, error: classify(error).toData() };
  }
}

async function stop(): Promise<void> {
  const engine = await opening?.catch(() => null);
  await engine?.close();
  send({ type: 'stopped' });
  process.exitCode = 0;
  if (!parentPort) process.disconnect?.();
  else process.exit();
}

/** The supervisor decides what to do about it; this process must not go on. */
function endWith(error: AppError): void {
  send({ type: 'fatal', error: error.toData() });
  setTimeout(() => process.exit(1), 100);
}

const onRequest = (request: EngineRequest) => {
  receive(request).catch((error) => endWith(classify(error)));
};
if (parentPort) parentPort.on('message', ({ data }) => onRequest(data as EngineRequest));
else process.on('message', onRequest);
// A supervisor that is gone will not ask for a stop any more.
process.on('disconnect', () => void stop().finally(() => process.exit()));
