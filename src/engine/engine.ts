import { availableParallelism } from 'node:os';
import {
  type CommandArgs,
  type CommandInput,
  type CommandResult,
  type EngineCommandName,
  engineCommands,
} from '../shared/contract/commands.ts';
import { AppError } from '../shared/contract/errors.ts';
import type { EngineEvent } from '../shared/contract/events.ts';
import type { RunOptions } from '../shared/model/run-options.ts';
import { buildParts } from './build-parts.ts';
import { readerHandlers } from './commands/read-handlers.ts';
import type { EngineOptions } from './engine-options.ts';
import type { EngineParts } from './engine-parts.ts';
import { classify } from './errors/classify.ts';
import { createDispatcher } from './http/dispatcher.ts';
import { HashPool } from './integrity/hash-pool.ts';
import { openLedgerReader } from './ledger/ledger.ts';
import { onlyOnce } from './only-once.ts';
import { openOwner } from './open-owner.ts';
import { type Opened, scoped } from './opened.ts';

export type { EngineOptions } from './engine-options.ts';

/** Hash threads: one for the running file hash, one for chunks. More would only compete for the same memory. */
const HASH_THREADS = Math.max(1, Math.min(2, availableParallelism()));

/** What a caller may pass besides the arguments. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Options for the downloads that this call adds or resumes. */
  readonly run?: RunOptions;
}

export interface Engine {
  /** New for each start. */
  readonly runId: string;
  /**
   * Executes one command. Arguments are checked; every failure is an `AppError`. What can be stopped ends with
   * `Cancelled` when `signal` is aborted.
   */
  call<N extends EngineCommandName>(
    name: N,
    args: CommandInput<N>,
    options?: CallOptions,
  ): Promise<CommandResult<N>>;
  /** Subscribes to all events; returns a function that unsubscribes. */
  on(listener: (event: EngineEvent) => void): () => void;
  /** Ends in order: transfers stop, what has arrived is made durable, the ledger is released. */
  close(): Promise<void>;
}

/**
 * Builds an engine and wires its parts. With `access: 'reader'` it opens the ledger without owning it: commands that
 * would change something fail. Throws `LedgerBusy` when another process owns the ledger.
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

function openReader(options: EngineOptions, parts: EngineParts): Opened {
  const ledger = openLedgerReader(options.dataDir, parts.clock.now);
  return {
    handlersFor: (scope) => readerHandlers(scoped(parts, scope), ledger),
    stop: async () => undefined,
    close: async () => ledger.close(),
  };
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
