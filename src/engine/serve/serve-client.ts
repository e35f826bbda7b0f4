import type { CommandInput, CommandResult, EngineCommandName } from '../../shared/contract/commands.ts';
import type { ClientMessage, ClientRequest, Outcome } from '../../shared/contract/envelope.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { classify } from '../errors/classify.ts';

/** Calls that one client may have open at the same time. The window has two or three. */
const MAX_OPEN_CALLS = 64;

/** What is served: an engine, or a stand-in for it. */
export interface Served {
  call<N extends EngineCommandName>(
    name: N,
    args: CommandInput<N>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<CommandResult<N>>;
  on(listener: (event: EngineEvent) => void): () => void;
}

/** One client of an engine, over any channel. */
export interface ServedClient {
  receive(request: ClientRequest): void;
  /** Resolves when every call that is open now has been answered. */
  settled(): Promise<unknown>;
  /** The channel is gone: cancels what was requested over it, and sends nothing more. */
  close(): void;
}

/** Serves one client; `send` sends a message on its channel. Answers come in the order in which the work ends. */
export function serveClient(served: Served, send: (message: ClientMessage) => void): ServedClient {
  const open = new Map<number, AbortController>();
  const running = new Set<Promise<void>>();
  let unsubscribe: (() => void) | null = null;
  let isClosed = false;

  async function outcomeOf(
    name: EngineCommandName,
    args: unknown,
    signal: AbortSignal,
  ): Promise<Outcome<unknown>> {
    try {
      return { ok: true, value: await served.call(name, args as never, { signal }) };
    } catch (error) {
      return { ok: false, error: classify(error).toData() };
    }
  }

  async function call({ id, name, args }: Extract<ClientRequest, { type: 'call' }>): Promise<void> {
    if (open.has(id) || open.size >= MAX_OPEN_CALLS) {
      const error = new AppError('BadRequest', 'Too many calls are open, or one of this id is.').toData();
      send({ type: 'answer', id, outcome: { ok: false, error } });
      return;
    }
    const abort = new AbortController();
    open.set(id, abort);
    const outcome = await outcomeOf(name, args, abort.signal);
    open.delete(id);
    if (!isClosed) send({ type: 'answer', id, outcome });
  }

  function track(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  return {
    settled: () => Promise.all(running),
    receive(request) {
      switch (request.type) {
        case 'call':
          track(call(request));
          return;
        case 'cancel':
          open.get(request.id)?.abort(new AppError('Cancelled', 'The request was canceled.'));
          return;
        case 'subscribe':
          unsubscribe ??= served.on((event) => send({ type: 'event', event }));
          return;
        case 'unsubscribe':
          unsubscribe?.();
          unsubscribe = null;
      }
    },
    close() {
      isClosed = true;
      unsubscribe?.();
      for (const abort of open.values()) abort.abort(new AppError('Cancelled', 'The client is gone.'));
    },
  };
}
