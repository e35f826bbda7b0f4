import { AppError } from '../../shared/contract/errors.ts';
import type { DownloadView } from '../../shared/model/download.ts';

/**
 * Returns the download whose id is `id` or, if there is only one, begins with it. Throws NotFound for none and
 * BadRequest for several.
 */
export function findDownload(downloads: readonly DownloadView[], id: string): DownloadView {
  const exact = downloads.find((view) => view.id === id);
  if (exact !== undefined) return exact;
  const [first, second] = downloads.filter((view) => view.id.startsWith(id));
  if (first === undefined) {
    throw new AppError('NotFound', `There is no download ${id}; haulyard status lists what there is.`);
  }
  if (second !== undefined) {
    throw new AppError(
      'BadRequest',
      `Several downloads begin with ${id}: ${first.id} and ${second.id}. Give more of the id.`,
    );
  }
  return first;
}
