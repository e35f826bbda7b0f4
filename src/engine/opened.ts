import type { CallScope, CommandHandlers, EngineParts } from './engine-parts.ts';

/** The parts in which the two kinds of engine differ. */
export interface Opened {
  readonly handlersFor: (scope: CallScope) => CommandHandlers;
  /** Ends background work. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Returns the parts for one call: it may be canceled, and it may have its own token. */
export function scoped(parts: EngineParts, scope: CallScope): EngineParts & CallScope {
  const { token } = scope.run;
  return { ...parts, ...scope, ...(token ? parts.accessWith(token) : {}) };
}
