import { createOpenCalls } from '../../shared/client/open-calls.ts';
import type { EngineCommandName } from '../../shared/contract/commands.ts';
import type { EngineMessage, EngineSettings, Outcome } from '../../shared/contract/envelope.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { Log } from '../logs/log.ts';
import type { EngineProcess } from './engine-process.ts';
import { engineGone } from './host-errors.ts';

/** How one run of the engine ended. */
export type EngineEnd =
  | { readonly how: 'stopped' }
  /** It reported why: it could not start, or must not continue. */
  | { readonly how: 'fatal'; readonly error: ErrorData }
  | { readonly how: 'crashed'; readonly code: number | null };

/** Dependencies of {@link startRun}. */
export interface RunDeps {
  readonly process: EngineProcess;
  readonly settings: Promise<EngineSettings>;
  readonly onReady: (run: Pick<Extract<EngineMessage, { type: 'ready' }>, 'runId' | 'owner'>) => void;
  readonly onEvent: (event: EngineEvent) => void;
  readonly log: Log;
}

/** The life of one engine process. */
export interface EngineRun {
  readonly pid: number | undefined;
  /** Resolves at the latest when the process is gone. */
  call(name: EngineCommandName, args: unknown): Promise<Outcome<unknown>>;
  /** Stops it in order, and by force after `deadlineMs`. Resolves when it is gone. */
  stop(deadlineMs: number): Promise<void>;
  readonly ended: Promise<EngineEnd>;
}

/** After `fatal` the process ends by itself; one that does not is killed after this time. */
const FAREWELL_MS = 3000;

/** Opens a process that was just started, and follows it to its end. */
export function startRun({ process, settings, onReady, onEvent, log }: RunDeps): EngineRun {
  const calls = createOpenCalls(process.send);
  let isStopping = false;
  let fatal: ErrorData | null = null;
  let end: EngineEnd | null = null;

  const opened = settings.then((value) => {
    process.send({ type: 'open', settings: value });
    process.send({ type: 'subscribe' });
  });
  opened.catch((error: unknown) => {
    log.error(`The engine could not be opened: ${String(error)}`);
    process.kill();
  });

  function receive(message: EngineMessage): void {
    switch (message.type) {
      case 'ready':
        onReady(message);
        return;
      case 'answer':
        calls.answer(message);
        return;
      case 'event':
        onEvent(message.event);
        return;
      case 'log':
        log[message.level](`engine: ${message.message}`);
        return;
      case 'fatal':
        fatal ??= message.error;
        setTimeout(process.kill, FAREWELL_MS);
        return;
      case 'stopped':
        return;
    }
  }

  process.onMessage(receive);
  process.onOutput((line) => log.warn(`engine wrote: ${line}`));
  const ended = new Promise<EngineEnd>((resolve) => {
    process.onExit((code) => {
      end = isStopping
        ? { how: 'stopped' }
        : fatal
          ? { how: 'fatal', error: fatal }
          : { how: 'crashed', code };
      calls.end(engineGone());
      resolve(end);
    });
  });

  async function call(name: EngineCommandName, args: unknown): Promise<Outcome<unknown>> {
    try {
      await opened;
    } catch {
      return { ok: false, error: engineGone() };
    }
    return await calls.call(name, args);
  }

  async function stop(deadlineMs: number): Promise<void> {
    isStopping = true;
    const force = setTimeout(() => {
      log.warn('The engine did not stop in time and was ended.');
      process.kill();
    }, deadlineMs);
    process.send({ type: 'stop' });
    await ended;
    clearTimeout(force);
  }

  return {
    get pid() {
      return process.pid;
    },
    call,
    stop,
    ended,
  };
}
