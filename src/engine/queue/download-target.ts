import type { AddDownload } from '../../shared/contract/commands.ts';
import type { CatalogVariant } from '../../shared/model/catalog.ts';

/** A repository to download, after the catalog lookup. */
export interface DownloadTarget {
  readonly repo: string;
  readonly revision: string;
  readonly model: string | null;
  readonly variant: string | null;
}

/** The part of a download, or of a request for one, that decides which files are meant. */
export interface Selection {
  readonly repo: string;
  readonly revision: string;
  /** The pinned commit, if there is one. */
  readonly commit?: string | null;
  readonly wish: Pick<AddDownload, 'include' | 'exclude'>;
  /** The catalog's variant, if it came from the catalog. */
  readonly variant: Pick<CatalogVariant, 'include' | 'exclude'> | null;
}

/**
 * True when both name the same files of the same repository, whether they were requested by catalog name, address or
 * id.
 */
export function namesSameFiles(one: Selection, other: Selection): boolean {
  return one.repo === other.repo && isSameRevision(one, other) && filesOf(one) === filesOf(other);
}

function isSameRevision(one: Selection, other: Selection): boolean {
  return one.revision === other.revision || one.commit === other.revision || other.commit === one.revision;
}

/** Returns the effective filters as one string. */
function filesOf({ wish, variant }: Selection): string {
  const includes = [variant?.include ?? [], wish.include].filter((patterns) => patterns.length > 0);
  const exclude = [...(variant?.exclude ?? []), ...wish.exclude];
  return JSON.stringify([includes, [...new Set(exclude)].sort()]);
}
