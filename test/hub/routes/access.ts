import type { Reply } from '../http/reply.ts';
import type { AccessRequests } from '../repositories/access-requests.ts';
import type { TokenDeclaration } from '../repositories/declaration.ts';
import type { Repository } from '../repositories/repository.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { disabled, gated, invalidToken, repoNotFound, unknownToAnonymous } from './errors.ts';

/** Who asks: nobody in particular, somebody with a good token, or somebody with a bad one. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly value: string; readonly token: TokenDeclaration }
  | { readonly kind: 'invalid' };

/** Reads the Authorization header. */
export function callerOf(request: RouteRequest, context: RouteContext): Caller {
  const { authorization } = request.headers;
  if (authorization === undefined) return { kind: 'anonymous' };
  const value = /^Bearer (.+)$/i.exec(authorization)?.[1];
  const token =
    value !== undefined && Object.hasOwn(context.tokens, value) ? context.tokens[value] : undefined;
  return value === undefined || token === undefined ? { kind: 'invalid' } : { kind: 'user', value, token };
}

/** Metadata of a gated repository is public, its files are not. */
export type Purpose = 'metadata' | 'files';

/** The refusal of a request, or the repository that may be read. */
export type Access = { readonly repository: Repository } | { readonly refusal: Reply };

/** Decides whether a caller may read a repository. */
export function accessTo(
  repository: Repository | undefined,
  caller: Caller,
  purpose: Purpose,
  isApi: boolean,
  requests: AccessRequests,
): Access {
  if (caller.kind === 'invalid') return { refusal: invalidToken() };
  if (repository === undefined || !maySee(repository, caller)) {
    return { refusal: caller.kind === 'anonymous' ? unknownToAnonymous(isApi) : repoNotFound() };
  }
  if (repository.disabled) return { refusal: disabled() };
  if (purpose === 'metadata' || repository.gated === false || hasGrant(repository, caller))
    return { repository };
  const state = caller.kind === 'user' ? requests.stateOf(caller.value, repository) : 'anonymous';
  return state === 'granted' ? { repository } : { refusal: gated(repository.id, state) };
}

/** Whether a repository exists for a caller: a private one only for those with a grant. */
export function maySee(repository: Repository, caller: Caller): boolean {
  return !repository.private || hasGrant(repository, caller);
}

function hasGrant(repository: Repository, caller: Caller): boolean {
  if (caller.kind !== 'user') return false;
  const { grants } = caller.token;
  return grants === 'all' || grants.includes(repository.id);
}
