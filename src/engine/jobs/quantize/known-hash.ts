import type { Catalog } from '../../../shared/model/catalog.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { BuildContext } from './context.ts';

/**
 * Returns the SHA-256 of files of the cache that are not named by it: from what downloads have installed, else from the
 * pins of the catalog.
 */
export function knownHash(
  cacheDir: string,
  ledger: Pick<LedgerReader, 'downloads' | 'files'>,
  catalog: Catalog | null,
): BuildContext['hashOf'] {
  return (repo, commit, path) => {
    const downloads = ledger.downloads
      .list()
      .filter((row) => row.repo === repo && row.cacheDir === cacheDir && row.commit === commit);
    for (const { id } of downloads) {
      const file = ledger.files.list(id).find((each) => each.path === path && each.installed);
      if (file?.algorithm === 'sha256') return file.hash;
    }
    const variants = catalog?.models.flatMap((model) => model.variants) ?? [];
    const pins = variants.filter((variant) => variant.repo === repo).flatMap((variant) => variant.pins);
    return pins.find((pin) => pin.path === path)?.sha256 ?? null;
  };
}
