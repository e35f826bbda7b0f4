import { type Reply, textReply } from '../http/reply.ts';
import { type Commit, findCommit, type Repository } from '../repositories/repository.ts';
import { type Access, accessTo, callerOf } from './access.ts';
import type { RouteContext, RouteRequest } from './context.ts';
import { errorReply, revisionNotFound } from './errors.ts';
import { lfsBatch } from './lfs-batch.ts';
import { modelInfo } from './model-info.ts';
import { models } from './models.ts';
import { pathsInfo } from './paths-info.ts';
import { authChecked, raw } from './raw.ts';
import { refs } from './refs.ts';
import { resolve, resolveCache } from './resolve.ts';
import { splitRevision, type Target } from './target.ts';
import { tree } from './tree.ts';
import { whoAmI } from './who-am-i.ts';

/** Answers of the Hub itself. */
export async function hubRoute(target: Target, request: RouteRequest, context: RouteContext): Promise<Reply> {
  if (target.route === 'whoami') return whoAmI(request, context);
  if (target.route === 'models') return models(request, context);
  if (target.repoId === null) return notFound(request);
  if (!allowed(target, request.method)) return textReply(405, 'Method not allowed');
  const moved = movedReply(target.repoId, request, context);
  if (moved !== undefined) return moved;
  const access = check(target, target.repoId, request, context);
  if ('refusal' in access) return access.refusal;
  return answer(target, access.repository, request, context);
}

function notFound(request: RouteRequest): Reply {
  if (request.path === '/') return textReply(200, 'A local Hub for tests.\n');
  return errorReply(404, 'NotFound', "Sorry, we can't find the page you are looking for.");
}

function allowed(target: Target, method: string): boolean {
  const isPost = target.route === 'paths-info' || target.route === 'lfs-batch';
  return isPost ? method === 'POST' : method === 'GET' || method === 'HEAD';
}

/** Former names and wrong case: a relative redirect with the same tail and query. */
function movedReply(repoId: string, request: RouteRequest, context: RouteContext): Reply | undefined {
  if (context.store.find(repoId) !== undefined) return undefined;
  const present = context.store.movedTo(repoId);
  if (present === undefined) return undefined;
  const location = request.url.replace(repoId, present);
  return textReply(307, `Temporary Redirect. Redirecting to ${location}`, { location });
}

/** Routes that gating closes; everything else about a gated repository is public. */
const FILE_ROUTES: ReadonlySet<Target['route']> = new Set([
  ...(['resolve', 'resolve-cache', 'raw', 'auth-check', 'xet-read-token', 'lfs-batch'] as const),
]);

function check(target: Target, repoId: string, request: RouteRequest, context: RouteContext): Access {
  const isFile = FILE_ROUTES.has(target.route);
  const repository = context.store.find(repoId);
  return accessTo(
    repository,
    callerOf(request, context),
    isFile ? 'files' : 'metadata',
    target.route !== 'resolve' && target.route !== 'raw',
    context.accessRequests,
  );
}

function answer(
  target: Target,
  repository: Repository,
  request: RouteRequest,
  context: RouteContext,
): Reply | Promise<Reply> {
  if (target.route === 'auth-check') return authChecked();
  if (target.route === 'refs') return refs(repository, request);
  if (target.route === 'lfs-batch') return lfsBatch(repository, request, context);
  const { revision, path } = splitRevision(repository, target.rest);
  const commit = findCommit(repository, revision);
  if (commit === undefined) return revisionNotFound(revision);
  return atCommit(target, repository, commit, path, request, context);
}

function atCommit(
  { route }: Target,
  repository: Repository,
  commit: Commit,
  path: string,
  request: RouteRequest,
  context: RouteContext,
): Reply | Promise<Reply> {
  switch (route) {
    case 'xet-read-token':
      return context.xet.tokenReply();
    case 'tree':
      return tree(commit, path, request, context);
    case 'paths-info':
      return pathsInfo(commit, request, context);
    case 'raw':
      return raw(commit, path, request);
    case 'resolve':
      return resolve(repository, commit, path, request, context);
    case 'resolve-cache':
      return resolveCache(commit, path, request);
    default:
      return modelInfo(repository, commit, request);
  }
}
