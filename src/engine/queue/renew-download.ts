import type { AddDownload } from '../../shared/contract/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';
import { hasLostCommit } from './lost-commit.ts';

/**
 * Takes over how it is to be done this time. A download that was finished once, or whose commit is gone, is resolved anew; what is
 * known of it stays until the Hub's answer is there.
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
  // Asked for by its commit it stays there, wherever the branch is by now.
  download.renew(revision !== download.row.commit);
}
