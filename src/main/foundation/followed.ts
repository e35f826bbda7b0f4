import type { Followed } from './shell-deps.ts';

/** A writable {@link Followed} value. */
export interface Source<T> extends Followed<T> {
  /** Sets the value and notifies the followers. A listener that throws does not affect the others. */
  set(value: T): void;
}

/** `onError` is called for listeners that threw. */
export function createSource<T>(initial: T, onError: (error: unknown) => void): Source<T> {
  let value = initial;
  const feed = createFeed<T>(onError);
  return {
    current: () => value,
    onChange: feed.on,
    set: (next) => {
      value = next;
      feed.emit(next);
    },
  };
}

/** An event source and its listeners. */
export interface Feed<T> {
  on(listener: (value: T) => void): () => void;
  emit(value: T): void;
}

/** `onError` is called for listeners that threw. */
export function createFeed<T>(onError: (error: unknown) => void): Feed<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    on: (listener) => {
      // Wrapped, so that the same function may listen twice and unsubscribe separately.
      const entry = (value: T) => listener(value);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    emit: (value) => {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
