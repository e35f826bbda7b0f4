import type { Precision } from '../../shared/model/catalog.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Download } from './download.ts';

/**
 * Stores what to build from a download when it is ready; null for nothing. The download continues, or stays stopped.
 */
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
