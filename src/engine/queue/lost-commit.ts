import { AppError } from '../../shared/contract/errors.ts';
import { isCommit } from '../cache/layout.ts';
import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import type { DownloadRow } from '../ledger/downloads.ts';

/**
 * A download keeps to the commit that its branch was at when it began. When the history of the branch was rewritten that commit is gone,
 * and no retry brings it back: this says so, and how to go on with the branch of today. Returns every other failure as it is, also
 * for a commit that the user named.
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

/** True when the answer to the last failed question of this download was that its commit is gone. */
export function hasLostCommit({ error, commit }: Pick<DownloadRow, 'error' | 'commit'>): boolean {
  return commit !== null && error?.details.lostCommit === commit;
}

/** For servers that do not say what is missing: a file or the whole commit. */
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
