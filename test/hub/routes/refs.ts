import { jsonReply, type Reply } from '../http/reply.ts';
import type { Repository } from '../repositories/repository.ts';
import type { RouteRequest } from './context.ts';

const PULL_REQUESTS = 'refs/pr/';

/** `GET /api/models/{repo}/refs[?include_prs=1]`. */
export function refs(repository: Repository, request: RouteRequest): Reply {
  const all = [...repository.branches];
  const branches = all.filter(([name]) => !name.startsWith('refs/'));
  const pulls = all.filter(([name]) => name.startsWith(PULL_REQUESTS));
  return jsonReply(200, {
    branches: branches.map(([name, targetCommit]) => ({ name, ref: `refs/heads/${name}`, targetCommit })),
    tags: [],
    converts: [],
    ...(request.query.has('include_prs')
      ? {
          pullRequests: pulls.map(([ref, targetCommit]) => ({
            name: ref.slice(PULL_REQUESTS.length),
            ref,
            targetCommit,
          })),
        }
      : {}),
  });
}
