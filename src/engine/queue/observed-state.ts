import type { DownloadState } from '../../shared/model/download.ts';

/** The parts of a content's job that determine the state. */
interface ObservedJob {
  readonly isRepairing: boolean;
  readonly verifying: object | null;
  hasWork(): boolean;
}

/** Derives the state of a download from its jobs and from files hashed alongside; null for no change. */
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
