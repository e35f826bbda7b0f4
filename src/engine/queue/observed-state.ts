import type { DownloadState } from '../../shared/model/download.ts';

/** What of a content's job tells the state. */
interface ObservedJob {
  readonly isRepairing: boolean;
  readonly verifying: object | null;
  hasWork(): boolean;
}

/** The state that the jobs of a download amount to, and files that are hashed beside them; null for the one that it is in. */
export function observedState(
  jobs: readonly ObservedJob[],
  state: DownloadState,
  isHashing = false,
): DownloadState | null {
  if (jobs.some((job) => job.isRepairing)) return 'repairing';
  if (jobs.some((job) => job.hasWork())) return 'downloading';
  if (isHashing || jobs.some((job) => job.verifying !== null)) return 'verifying';
  return state === 'waiting' ? 'downloading' : null;
}
