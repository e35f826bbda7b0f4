import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import type { EngineOptions } from '../../engine/engine.ts';
import type { OwnerInfo } from '../../engine/serve/join.ts';
import type { CommandInput, CommandResult, EngineCommandName } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent, EventBody } from '../../shared/contract/events.ts';
import type { Connect, ConnectUse } from '../connect.ts';

/** How the fake answers each command; a command without an answer fails with EngineUnavailable. */
export type FakeAnswers = {
  readonly [N in EngineCommandName]?: (args: CommandInput<N>) => CommandResult<N> | Promise<CommandResult<N>>;
};

/** An engine for tests of the command line. */
export interface FakeEngine extends ConnectedEngine {
  /** Sends an event, stamped with the next number and a fixed time. */
  emit(body: EventBody): void;
  /** Commands in the order in which they were called. */
  readonly calls: ReadonlyArray<{ readonly name: EngineCommandName; readonly args: unknown }>;
  /** Options it was opened with. */
  readonly opened: readonly EngineOptions[];
  readonly closed: () => boolean;
  /** Resolves when the command has been called and its answer, if immediate, was processed. */
  readonly whenCalled: (name: EngineCommandName) => Promise<void>;
  /** How each command was connected. */
  readonly uses: readonly ConnectUse[];
  readonly connect: Connect;
  /** Makes every command a guest of this owner. */
  beGuestOf(owner: OwnerInfo): void;
  /** Ends the owner, which is followed by this one. */
  changeOwner(owner: OwnerInfo | null): void;
}

/** Time stamp of every event of a fake engine. */
export const FAKE_TIME = '2025-01-01T00:00:00.000Z';

/** Makes a {@link FakeEngine}. */
export function createFakeEngine(answers: FakeAnswers = {}): FakeEngine {
  const listeners = new Set<(event: EngineEvent) => void>();
  const calls: Array<{ name: EngineCommandName; args: unknown }> = [];
  const opened: EngineOptions[] = [];
  const uses: ConnectUse[] = [];
  const runListeners = new Set<(owner: OwnerInfo | null) => void>();
  let owner: OwnerInfo | null = null;
  const waiting = new Map<EngineCommandName, PromiseWithResolvers<void>>();
  const waitingFor = (name: EngineCommandName) => {
    const found = waiting.get(name) ?? Promise.withResolvers<void>();
    waiting.set(name, found);
    return found;
  };
  let closed = false;
  let seq = 0;
  const engine: FakeEngine = {
    runId: 'run',
    calls,
    opened,
    closed: () => closed,
    whenCalled: (name) => waitingFor(name).promise,
    async call(name, args) {
      calls.push({ name, args });
      setImmediate(waitingFor(name).resolve);
      const answer = answers[name];
      if (answer === undefined) throw new AppError('EngineUnavailable', `No answer to ${name}.`);
      return answer(args);
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closed = true;
    },
    emit(body) {
      seq += 1;
      const event: EngineEvent = { ...body, seq, time: FAKE_TIME };
      for (const listener of listeners) listener(event);
    },
    uses,
    get owner() {
      return owner;
    },
    guests: () => [],
    onNewRun(listener) {
      runListeners.add(listener);
      return () => void runListeners.delete(listener);
    },
    beGuestOf(next) {
      owner = next;
    },
    changeOwner(next) {
      owner = next;
      for (const listener of runListeners) listener(next);
    },
    connect: async (options, use) => {
      opened.push(options);
      uses.push(use);
      if (owner !== null) use.checkOwner(owner);
      return engine;
    },
  };
  return engine;
}
