import type { ServerResponse } from 'node:http';
import { sendNotFound } from './replies.ts';
import type { SharedCommit, SharedFiles } from './shared-files.ts';

/** The commit that a request names; null after it was answered with 404 as the Hub does. */
export function commitOr404(
  { repositories }: SharedFiles,
  { repo, revision }: { readonly repo: string; readonly revision: string },
  response: ServerResponse,
): SharedCommit | null {
  const repository = repositories.get(repo);
  if (!repository) {
    sendNotFound(response, 'RepoNotFound', 'Repository not found');
    return null;
  }
  const { commits, refs } = repository;
  const branch = revision === 'HEAD' ? 'main' : revision;
  const commit = commits.get(revision.toLowerCase()) ?? commits.get(refs.get(branch) ?? '');
  if (!commit) {
    sendNotFound(response, 'RevisionNotFound', 'Invalid rev id');
    return null;
  }
  response.setHeader('x-repo-commit', commit.commit);
  return commit;
}
