import type { EngineEvent, EventBody } from '../shared/contract/events.ts';

/** Stamps events and hands them to whoever listens. */
export interface EventStream {
  readonly emit: (body: EventBody) => void;
  /** Returns the function that ends listening. */
  readonly on: (listener: (event: EngineEvent) => void) => () => void;
  /** Number of the last event. */
  readonly seq: () => number;
}

export function createEventStream(nowMs: () => number): EventStream {
  const listeners = new Set<(event: EngineEvent) => void>();
  let seq = 0;
  return {
    seq: () => seq,
    emit(body) {
      seq += 1;
      const { event, ...rest } = body;
      const stamped = { event, time: new Date(nowMs()).toISOString(), seq, ...rest } as EngineEvent;
      for (const listener of listeners) listener(stamped);
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
