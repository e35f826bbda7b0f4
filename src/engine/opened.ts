import type { CallScope, CommandHandlers, EngineParts } from './engine-parts.ts';

/** What the two kinds of engine differ in. */
export interface Opened {
  readonly handlersFor: (scope: CallScope) => CommandHandlers;
  /** Ends what runs in the background. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The parts for one call: it may be taken back, and it may come with a token of its own. */
export function scoped(parts: EngineParts, scope: CallScope): EngineParts & CallScope {
  const { token } = scope.run;
  return { ...parts, ...scope, ...(token ? parts.accessWith(token) : {}) };
}
