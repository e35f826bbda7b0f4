import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { words } from './words.ts';

type Measured = Pick<DownloadView, 'receivedBytes' | 'totalBytes'>;

/** ` 6.3 GB is saved.`, in the same figure as the row has it (rounded down); nothing while nothing is. */
export function savedWords({ receivedBytes, totalBytes }: Measured): string {
  if (receivedBytes <= 0) return '';
  const [part = '', whole = ''] = formatBytesOf(receivedBytes, totalBytes).split(' of ');
  const unit = whole.split(' ')[1];
  const isTold = Number(part) >= 1 && unit !== undefined && receivedBytes <= totalBytes;
  return words.saved(isTold ? `${part} ${unit}` : formatBytes(receivedBytes));
}
