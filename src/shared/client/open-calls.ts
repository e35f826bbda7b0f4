import type { EngineCommandName } from '../contract/commands.ts';
import type { ClientMessage, ClientRequest, Outcome } from '../contract/envelope.ts';
import { AppError, type ErrorData } from '../contract/errors.ts';

/**
 * The part of an `AbortSignal` that is needed: the type itself belongs to Node and the DOM, and this module serves
 * both.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A client's open calls, over any channel. */
export interface OpenCalls {
  /** Never rejects. When `signal` is aborted, the engine is notified and its answer is still awaited. */
  call(name: EngineCommandName, args: unknown, signal?: CancelSignal): Promise<Outcome<unknown>>;
  /** Resolves a call with an answer from the channel. An answer that nobody waits for is dropped. */
  answer(message: Extract<ClientMessage, { type: 'answer' }>): void;
  /** The channel is gone: all calls, including later ones, are answered with this error. */
  end(error: ErrorData): void;
}

/** Creates calls over a channel; `send` sends a message on it. */
export function createOpenCalls(send: (request: ClientRequest) => void): OpenCalls {
  const waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  let nextId = 1;
  let ended: ErrorData | null = null;

  return {
    async call(name, args, signal) {
      if (ended) return { ok: false, error: ended };
      if (signal?.aborted) return { ok: false, error: cancelled() };
      const id = nextId++;
      const cancel = () => send({ type: 'cancel', id });
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return await new Promise((resolve) => {
          waiting.set(id, resolve);
          send({ type: 'call', id, name, args });
        });
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    answer({ id, outcome }) {
      waiting.get(id)?.(outcome);
      waiting.delete(id);
    },
    end(error) {
      ended ??= error;
      for (const resolve of waiting.values()) resolve({ ok: false, error: ended });
      waiting.clear();
    },
  };
}

function cancelled(): ErrorData {
  return new AppError('Cancelled', 'The request was canceled.').toData();
}
