import type { EngineEvent, EventBody } from '../shared/contract/events.ts';
import type { Log } from './contents/context.ts';
import { classify } from './errors/classify.ts';

/** Numbers and timestamps events and delivers them to listeners. */
export interface EventStream {
  readonly emit: (body: EventBody) => void;
  /** Returns a function that unsubscribes. */
  readonly on: (listener: (event: EngineEvent) => void) => () => void;
  /** Number of the last event. */
  readonly seq: () => number;
}

/** A listener that throws is logged: it affects neither the other listeners nor the emitter. */
export function createEventStream(nowMs: () => number, log: Log): EventStream {
  const listeners = new Set<(event: EngineEvent) => void>();
  let seq = 0;
  return {
    seq: () => seq,
    emit(body) {
      seq += 1;
      const { event, ...rest } = body;
      const stamped = { event, time: new Date(nowMs()).toISOString(), seq, ...rest } as EngineEvent;
      for (const listener of listeners) {
        try {
          listener(stamped);
        } catch (error) {
          log('error', `A listener failed at the event ${event}: ${classify(error).message}`);
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
