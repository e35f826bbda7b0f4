import { formatPart } from '../../../shared/format/bytes.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { words } from './words.ts';

type Measured = Pick<DownloadView, 'receivedBytes' | 'totalBytes'>;

/** Returns ` 6.31 GB is saved.`, in the same figure as the row; empty when nothing is. */
export function savedWords({ receivedBytes, totalBytes }: Measured): string {
  return receivedBytes > 0 ? words.saved(formatPart(receivedBytes, totalBytes)) : '';
}
