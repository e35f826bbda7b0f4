import type { ContentTask, ContentTaskEvents } from '../content-task.ts';
import type { DownloadContext } from '../context.ts';
import type { CheckFileDeps } from './check-file.ts';

/**
 * Builds the dependencies of the checks of a task's files: the engine's threads and ledger, and the progress callbacks.
 */
export function checkDeps(
  { files: [{ path, size }] }: Pick<ContentTask, 'files'>,
  { hasher, ledger, clock }: Pick<DownloadContext, 'hasher' | 'ledger' | 'clock'>,
  { onChecking }: Pick<ContentTaskEvents, 'onChecking'>,
): CheckFileDeps {
  const onProgress = (hashedBytes: number) => onChecking(path, hashedBytes, size);
  return { hasher, records: ledger.checks, now: clock.now, onProgress };
}
