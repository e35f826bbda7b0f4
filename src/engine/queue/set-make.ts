import type { Precision } from '../../shared/model/catalog.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';

/** Keeps what is made of a download when it is ready; null for nothing. It goes on as it was, or stays where it stands. */
export function setMake(
  download: Download,
  make: Precision | null,
  ledger: Pick<Ledger, 'downloads' | 'transaction'>,
): void {
  const { make: _before, ...kept } = download.row.options;
  const options = make === null ? kept : { ...kept, make };
  ledger.transaction(() => ledger.downloads.setOptions(download.id, options));
  download.setOptions(options);
}
