import type { Bridge, BridgeCommandName, BridgeEvent } from '../../shared/contract/bridge.ts';
import { type CommandInput, type CommandResult, commands } from '../../shared/contract/commands.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import type { ErrorCode, ErrorData } from '../../shared/contract/errors.ts';
import {
  sampleCatalog,
  sampleHardware,
  samplePreferences,
  sampleSettings,
  sampleSnapshot,
} from './samples.ts';

/** Answers of the fake, by command. Others fail with `BadRequest`, so that a test notices them. */
export type Answers = {
  [N in BridgeCommandName]?: (
    args: CommandInput<N>,
  ) => Outcome<CommandResult<N>> | Promise<Outcome<CommandResult<N>>>;
};

/** A bridge without a program behind it. */
export interface FakeBridge {
  readonly bridge: Bridge;
  /** Every call that was made, oldest first. */
  readonly calls: ReadonlyArray<{ readonly name: BridgeCommandName; readonly args: unknown }>;
  /** The arguments of the calls of one command. */
  callsOf<N extends BridgeCommandName>(name: N): ReadonlyArray<CommandInput<N>>;
  /** Replaces an answer from now on. */
  answer<N extends BridgeCommandName>(name: N, answer: NonNullable<Answers[N]>): void;
  /** Sends an event to the page, as main would. */
  emit(event: BridgeEvent): void;
}

export const succeed = <T>(value: T): Outcome<T> => ({ ok: true, value });

export function failure(code: ErrorCode, message: string, details: ErrorData['details'] = {}): ErrorData {
  return { code, message, retryable: false, details };
}

export function fail(code: ErrorCode, message: string, details: ErrorData['details'] = {}): Outcome<never> {
  return { ok: false, error: failure(code, message, details) };
}

const usual: Answers = {
  snapshot: () => succeed(sampleSnapshot()),
  'catalog.get': () => succeed(sampleCatalog),
  'catalog.presence': () => succeed([]),
  'hardware.get': () => succeed(sampleHardware),
  'library.list': () => succeed({ models: [], partials: [], made: [], warnings: [] }),
  'settings.get': () => succeed(sampleSettings),
  'sharing.status': () => succeed({ state: 'off', port: null, urls: [], models: 0, problem: null }),
  'settings.set': (change) => succeed({ ...sampleSettings, ...change } as typeof sampleSettings),
  'engine.status': () => succeed({ state: 'running', runId: 'run-1' }),
  'preferences.get': () => succeed(samplePreferences),
  'preferences.set': (change) => succeed({ ...samplePreferences, ...change } as typeof samplePreferences),
  'token.status': () => succeed({ present: false, kept: null }),
  'app.info': () =>
    succeed({
      version: '0.1.0',
      platform: 'darwin',
      arch: 'arm64',
      cacheDir: '/Users/ada/.cache/huggingface/hub',
      dataDir: '/Users/ada/Library/Application Support/Haulyard',
      endpoint: 'https://huggingface.co',
      proxy: null,
      canStartAtLogin: true,
    }),
};

/** Creates a bridge; `answers` are added to the defaults. Arguments are checked by the schemas of the contract. */
export function createFakeBridge(answers: Answers = {}): FakeBridge {
  const given = new Map<string, (args: never) => unknown>(Object.entries({ ...usual, ...answers }));
  const calls: Array<{ name: BridgeCommandName; args: unknown }> = [];
  const listeners = new Set<(event: BridgeEvent) => void>();
  return {
    calls,
    bridge: {
      call: async (name, args) => {
        calls.push({ name, args });
        const parsed = commands[name].args.safeParse(args);
        if (!parsed.success) return fail('BadRequest', `${name}: ${parsed.error.message}`);
        const answer = given.get(name);
        if (!answer) return fail('BadRequest', `The fake has no answer to ${name}.`);
        return (await answer(args as never)) as Outcome<CommandResult<typeof name>>;
      },
      on: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      pathOf: () => '',
    },
    callsOf: (name) =>
      calls.filter((call) => call.name === name).map(({ args }) => args as CommandInput<typeof name>),
    answer: (name, answer) => {
      given.set(name, answer as (args: never) => unknown);
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
}
