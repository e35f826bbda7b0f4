import type { EngineCommandName } from './commands.ts';
import type { ErrorData } from './errors.ts';
import type { EngineEvent } from './events.ts';

/** The result of every hop. Nothing throws across a process boundary. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ErrorData };

/** How to open the engine process; it knows the rest itself. */
export interface EngineSettings {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly homeDir: string;
  readonly endpoint: string;
  readonly catalogFile: string;
  /** The same, if it is not the program's own; else null. */
  readonly givenCatalog: string | null;
  readonly token: string | null;
  /** Source of the token, for messages about it. */
  readonly tokenSource?: string | null;
  readonly version: string;
  /** For a second program that finds the ledger busy. */
  readonly program: string;
}

/**
 * A client's requests to an engine, over any channel: a port of Electron, a channel to a child process, a socket. Each
 * call has an id chosen by the client and is answered once. Events are sent to subscribers; all of them, because their
 * numbers have no gaps.
 */
export type ClientRequest =
  | { readonly type: 'call'; readonly id: number; readonly name: EngineCommandName; readonly args: unknown }
  /** The answer is no longer wanted. What can be stopped ends with `Cancelled`; the rest is done and answered. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'subscribe' }
  | { readonly type: 'unsubscribe' };

/** Messages to a client. */
export type ClientMessage =
  | { readonly type: 'answer'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly type: 'event'; readonly event: EngineEvent };

/** From a supervisor to the engine process. The first message must be `open`. */
export type EngineRequest =
  | { readonly type: 'open'; readonly settings: EngineSettings }
  | ClientRequest
  | { readonly type: 'stop' };

/** From the engine process to its supervisor. */
export type EngineMessage =
  /**
   * Sent at the start, and again when another run begins: `owner` is the other program that runs it; absent for this
   * process.
   */
  | { readonly type: 'ready'; readonly runId: string; readonly owner?: string }
  | ClientMessage
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string }
  | { readonly type: 'stopped' }
  /** The engine could not start, or must end (another owner took the ledger). */
  | { readonly type: 'fatal'; readonly error: ErrorData };
