import type { DownloadContext } from '../contents/context.ts';
import type { Download } from './download.ts';

/**
 * Pauses a download into a cache other than the one in use, until the user resumes it. The folder may have been changed
 * in the settings, or in the ledger by somebody who wants files written elsewhere.
 */
export function pauseElsewhere(download: Download, { ledger, clock }: DownloadContext): void {
  const { id, row } = download;
  const reason = `Its files go to another cache folder, ${row.cacheDir}. Resume to continue there.`;
  // What was active when an engine ended is simply queued again.
  download.requeue();
  download.enter('paused', reason, null);
  ledger.downloads.setState(id, 'paused', reason, null, clock.now());
}
