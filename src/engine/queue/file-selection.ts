import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { ListedFile } from './selection.ts';

/** A repository at a commit, and the selected files. */
export interface ResolvedFiles {
  readonly commit: string;
  readonly files: readonly ListedFile[];
  /** Whether the repository is public; absent when the Hub was not asked. */
  readonly isPublic?: boolean;
  /** Set when this comes from disk because the Hub could not be reached: ISO time of that knowledge. */
  readonly asOf?: string;
}

/** The filters on a repository and what its files are expected to be. */
export interface FileSelection {
  readonly repo: string;
  readonly revision: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly acceptChanged: boolean;
  /** The catalog's variant, if the download came from the catalog. */
  readonly variant: CatalogVariant | null;
}
