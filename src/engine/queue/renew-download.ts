import type { AddDownload } from '../../shared/contract/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';
import { hasLostCommit } from './lost-commit.ts';

/**
 * Applies the new options. A download that has finished before, or whose commit is gone, is resolved again; its data is
 * kept until the Hub's answer arrives.
 */
export function renewDownload(
  download: Download,
  revision: string,
  wish: AddDownload,
  ledger: Pick<Ledger, 'downloads'>,
): void {
  ledger.downloads.setOptions(download.id, wish);
  download.setOptions(wish);
  const { state, files } = download;
  if (wish.acceptChanged && hasLostCommit(download.row)) download.resolveAnew();
  const wasFinished = state === 'ready' || (files.length > 0 && files.every(({ row }) => row.installed));
  if (!wasFinished) return;
  // Requested by its commit, it stays there, wherever the branch is by now.
  download.renew(revision !== download.row.commit);
}
