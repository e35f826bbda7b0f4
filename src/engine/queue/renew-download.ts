import type { AddDownload } from '../../shared/contract/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';

/** Takes over how it is to be done this time; a finished download is resolved anew. */
export function renewDownload(
  download: Download,
  wish: AddDownload,
  ledger: Pick<Ledger, 'downloads' | 'files'>,
): void {
  ledger.downloads.setOptions(download.id, wish);
  download.row = { ...download.row, options: wish };
  if (download.state !== 'ready') return;
  ledger.files.replace(download.id, []);
  download.files = [];
  download.row = { ...download.row, commit: null };
  download.reset();
}
