import { AppError } from '../../shared/contract/errors.ts';
import { isCommit } from '../cache/layout.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { DownloadRow } from '../ledger/downloads.ts';

/**
 * A download stays at the commit its branch had when it began. When the history of the branch was rewritten, that
 * commit is gone and no retry brings it back: returns an error that explains this, and how to continue with today's
 * branch. Returns every other failure unchanged, including one for a commit that the user named.
 */
export async function lostCommit(
  error: unknown,
  { id, repo, revision, commit }: DownloadRow,
  { hub }: Pick<DownloadContext, 'hub'>,
  signal: AbortSignal,
): Promise<unknown> {
  const failure = classify(error);
  if (failure.code !== 'NotFound' || commit === null || isCommit(revision)) return error;
  const isGone =
    failure.details.errorCode === 'RevisionNotFound' || (await isMissing(hub, repo, commit, signal));
  if (!isGone) return error;
  const today = await hub.repositoryInfo(repo, revision, signal).catch(() => null);
  if (today === null || today.commit === commit) return error;
  const { host } = hub.endpoint;
  return new AppError(
    'ChangedUpstream',
    `${repo} at ${commit.slice(0, 12)} is no longer on ${host}: the history of ${revision} was rewritten since this download began. ` +
      `Your progress is saved. You can continue with ${revision} as it is now (${today.commit.slice(0, 12)}); ` +
      'files that are the same aren’t downloaded again.',
    { details: { host, lostCommit: commit, remedy: 'accept-changed', id }, cause: error },
  );
}

/** True when the last request of this download failed because its commit is gone. */
export function hasLostCommit({ error, commit }: Pick<DownloadRow, 'error' | 'commit'>): boolean {
  return commit !== null && error?.details.lostCommit === commit;
}

/** For servers that do not distinguish a missing file from a missing commit. */
async function isMissing(
  hub: DownloadContext['hub'],
  repo: string,
  commit: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await hub.repositoryInfo(repo, commit, signal);
    return false;
  } catch (error) {
    return classify(error).code === 'NotFound';
  }
}
