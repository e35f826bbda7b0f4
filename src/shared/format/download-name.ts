import type { Catalog } from '../model/catalog.ts';
import type { DownloadView } from '../model/download.ts';

/** Returns the name by which people know a download: `Moshi BF16`, or the repository if it is not in the catalog. */
export function downloadName(
  view: Pick<DownloadView, 'model' | 'variant' | 'repo'>,
  catalog: Catalog | null,
): string {
  const model = view.model === null ? undefined : catalog?.models.find(({ id }) => id === view.model);
  if (!model || view.variant === null) return view.repo;
  return `${model.name} ${view.variant.toUpperCase()}`;
}
