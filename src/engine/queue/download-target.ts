import type { AddDownload } from '../../shared/contract/commands.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';

/** A repository to download, after the catalog was asked. */
export interface DownloadTarget {
  readonly repo: string;
  readonly revision: string;
  readonly model: string | null;
  readonly variant: string | null;
}

/** A download or a wish for one, as far as it says which files are meant. */
export interface Selection {
  readonly repo: string;
  readonly revision: string;
  /** The commit that was pinned, once it is. */
  readonly commit?: string | null;
  readonly wish: Pick<AddDownload, 'include' | 'exclude'>;
  /** The catalog's variant, when it came from there. */
  readonly variant: Pick<CatalogVariant, 'include' | 'exclude'> | null;
}

/** True when both name the same files of the same repository, however they were asked for: by catalog, address or id. */
export function namesSameFiles(one: Selection, other: Selection): boolean {
  return one.repo === other.repo && isSameRevision(one, other) && filesOf(one) === filesOf(other);
}

function isSameRevision(one: Selection, other: Selection): boolean {
  return one.revision === other.revision || one.commit === other.revision || other.commit === one.revision;
}

/** The filters that count, in one text. */
function filesOf({ wish, variant }: Selection): string {
  const includes = [variant?.include ?? [], wish.include].filter((patterns) => patterns.length > 0);
  const exclude = [...(variant?.exclude ?? []), ...wish.exclude];
  return JSON.stringify([includes, [...new Set(exclude)].sort()]);
}
