import type { CommandInput, CommandResult, EngineCommandName } from '../../shared/contract/commands.ts';
import { engineCommands } from '../../shared/contract/commands.ts';
import type { RunOptions } from '../../shared/model/run-options.ts';
import type { Served } from './serve-client.ts';

/** An engine that accepts options for a single caller. */
export interface Hosted {
  call<N extends EngineCommandName>(
    name: N,
    args: CommandInput<N>,
    options?: { readonly signal?: AbortSignal; readonly run?: RunOptions },
  ): Promise<CommandResult<N>>;
  on: Served['on'];
}

/**
 * Returns the engine as one guest sees it: its downloads use its token and its limits. A token it sets is its own,
 * never the engine's.
 */
export function guestView(engine: Hosted, given: RunOptions): Served {
  let run = given;
  return {
    on: (listener) => engine.on(listener),
    async call(name, args, options = {}) {
      if (name !== 'token.set') return await engine.call(name, args, { ...options, run });
      const { token } = engineCommands['token.set'].args.parse(args);
      run = { ...run, token };
      return undefined as never;
    },
  };
}
