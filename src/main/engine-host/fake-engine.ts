import type { EngineMessage, EngineRequest } from '../../shared/contract/envelope.ts';
import type { EngineProcess } from './engine-process.ts';

/** An engine process in memory, for tests: messages to it can be read, and the test controls what it sends and does. */
export interface FakeEngine extends EngineProcess {
  readonly sent: EngineRequest[];
  readonly env: NodeJS.ProcessEnv;
  isKilled: boolean;
  say(message: EngineMessage): void;
  write(line: string): void;
  exit(code: number | null): void;
}

/** An engine that does nothing by itself. */
export function fakeEngine(pid: number, env: NodeJS.ProcessEnv): FakeEngine {
  const messages: Array<(message: EngineMessage) => void> = [];
  const exits: Array<(code: number | null) => void> = [];
  const outputs: Array<(line: string) => void> = [];
  const fake: FakeEngine = {
    pid,
    env,
    sent: [],
    isKilled: false,
    send: (request) => void fake.sent.push(request),
    onMessage: (listener) => void messages.push(listener),
    onExit: (listener) => void exits.push(listener),
    onOutput: (listener) => void outputs.push(listener),
    kill: () => {
      fake.isKilled = true;
      fake.exit(null);
    },
    say: (message) => {
      for (const listener of messages) listener(message);
    },
    write: (line) => {
      for (const listener of outputs) listener(line);
    },
    exit: (code) => {
      for (const listener of exits.splice(0)) listener(code);
    },
  };
  return fake;
}
