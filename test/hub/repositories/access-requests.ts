import type { Repository } from './repository.ts';

/** How a request for access to a gated repository stands. */
export type AccessState = 'pending' | 'granted' | 'rejected';

/** Requests for access, by token and repository, as people make them on the page of a model. */
export interface AccessRequests {
  /** Asks for access: granted at once where the repository is gated `auto`, else pending. */
  ask(token: string, repository: Repository): void;
  decide(token: string, repository: Repository, state: 'granted' | 'rejected'): void;
  stateOf(token: string, repository: Repository): AccessState | null;
}

/** No requests at first. */
export function accessRequests(): AccessRequests {
  const states = new Map<string, AccessState>();
  const key = (token: string, { id }: Repository) => `${token} ${id}`;
  return {
    ask: (token, repository) =>
      void states.set(key(token, repository), repository.gated === 'auto' ? 'granted' : 'pending'),
    decide: (token, repository, state) => void states.set(key(token, repository), state),
    stateOf: (token, repository) => states.get(key(token, repository)) ?? null,
  };
}
