import { type BridgeCommandName, PRIVATE_COMMANDS } from '../../shared/contract/bridge.ts';
import {
  type AppCommandName,
  type CommandArgs,
  type CommandName,
  type CommandResult,
  commands,
  type EngineCommandName,
} from '../../shared/contract/commands.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { Log } from '../logs/log.ts';
import { isTooLarge } from './argument-size.ts';
import { badArgument } from './bad-argument.ts';
import { isTrustedSender, type SenderFacts, type TrustedPage } from './sender.ts';

/** One function for each command that main itself answers. What it throws becomes the result. */
export type AppHandlers = {
  readonly [N in AppCommandName]: (args: CommandArgs<N>) => Promise<CommandResult<N>>;
};

/** Checks a parsed argument of the page before the command is run; throws an AppError to reject it. */
export type PageGuards = { readonly [N in CommandName]?: (args: CommandArgs<N>) => Promise<void> };

/** Dependencies of {@link createCommandDispatcher}. */
export interface DispatchDeps {
  readonly callEngine: (name: EngineCommandName, args: unknown) => Promise<Outcome<unknown>>;
  readonly handlers: AppHandlers;
  /** Absent for the shell, which acts for the user or for itself. */
  readonly guards?: PageGuards;
  readonly log: Log;
}

/** Looks up a command, parses its argument and calls its handler. Never rejects. */
export type Dispatch = (name: unknown, args: unknown) => Promise<Outcome<unknown>>;

/** Creates a dispatcher for the commands of the contract. Used by the gate, and by the shell itself without one. */
export function createCommandDispatcher({ callEngine, handlers, guards = {}, log }: DispatchDeps): Dispatch {
  async function dispatch(name: unknown, args: unknown): Promise<Outcome<unknown>> {
    if (typeof name !== 'string' || !Object.hasOwn(commands, name)) {
      throw new AppError('BadRequest', 'There is no such command.');
    }
    const known = name as keyof typeof commands;
    const parsed = commands[known].args.safeParse(args);
    if (!parsed.success) throw badArgument(known, parsed.error);
    const guard = guards[known] as ((args: unknown) => Promise<void>) | undefined;
    await guard?.(parsed.data);
    if (commands[known].owner === 'engine') {
      return await callEngine(known as EngineCommandName, parsed.data);
    }
    const handler = handlers[known as AppCommandName] as (args: unknown) => Promise<unknown>;
    return { ok: true, value: await handler(parsed.data) };
  }

  return async (name, args) => {
    try {
      return await dispatch(name, args);
    } catch (error) {
      return { ok: false, error: answerFor(error, log).toData() };
    }
  };
}

/** Dependencies of {@link createGate}. */
export interface GateDeps {
  readonly page: TrustedPage;
  readonly dispatch: Dispatch;
  readonly log: Log;
}

/**
 * The only way from the page into the program. Rejects foreign senders, oversized arguments, and commands that are
 * private to main; everything else is dispatched. Every failure is in the result, never a stack.
 */
export function createGate({ page, dispatch, log }: GateDeps) {
  return async (event: SenderFacts, name: unknown, args: unknown): Promise<Outcome<unknown>> => {
    if (!isTrustedSender(event, page)) {
      log.warn('A call from outside the page was refused.');
      return refusal('This page may not give commands.');
    }
    if (isTooLarge(name) || isTooLarge(args)) return refusal('What was sent is too large.');
    if (typeof name === 'string' && PRIVATE_COMMANDS.has(name)) return refusal('There is no such command.');
    return await dispatch(name as BridgeCommandName, args);
  };
}

function refusal(message: string): Outcome<never> {
  return { ok: false, error: new AppError('BadRequest', message).toData() };
}

/** An AppError is returned; anything else is a bug of ours, which goes to the log only. */
function answerFor(error: unknown, log: Log): AppError {
  if (error instanceof AppError) return error;
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new AppError('Internal', 'Haulyard ran into a problem. Nothing was lost. The log says more.');
}
