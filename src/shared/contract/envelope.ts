import type { EngineCommandName } from './commands.ts';
import type { ErrorData } from './errors.ts';
import type { EngineEvent } from './events.ts';

/** Answer of every hop. Nothing throws across a process boundary. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorData };

/** How the engine process is to be opened; the rest it knows itself. */
export interface EngineSettings {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly homeDir: string;
  readonly endpoint: string;
  readonly catalogFile: string;
  readonly token: string | null;
  readonly version: string;
  /** For a second program that finds the ledger busy. */
  readonly program: string;
}

/** From a supervisor to the engine process. The first message must be `open`. */
export type EngineRequest =
  | { readonly type: 'open'; readonly settings: EngineSettings }
  | { readonly type: 'call'; readonly id: number; readonly name: EngineCommandName; readonly args: unknown }
  | { readonly type: 'stop' };

/** From the engine process to its supervisor. */
export type EngineMessage =
  | { readonly type: 'ready'; readonly runId: string }
  | { readonly type: 'answer'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly type: 'event'; readonly event: EngineEvent }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly type: 'stopped' }
  /** The engine could not start, or must end (another owner took the ledger). */
  | { readonly type: 'fatal'; readonly error: ErrorData };
