import type { CatalogVariant } from '../../shared/model/catalog.ts';
import type { ListedFile } from './selection.ts';

/** A repository at a commit, and the files of it that are wanted. */
export interface ResolvedFiles {
  readonly commit: string;
  readonly files: readonly ListedFile[];
  /** Whether the Hub lets anybody read it; absent when the Hub was not asked. */
  readonly isPublic?: boolean;
  /** Set when this is what the disk knows, because the Hub could not be asked: ISO time of that knowledge. */
  readonly asOf?: string;
}

/** What narrows a repository down and what is expected of it. */
export interface FileSelection {
  readonly repo: string;
  readonly revision: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly acceptChanged: boolean;
  /** The catalog's variant, when the download came from there. */
  readonly variant: CatalogVariant | null;
}
