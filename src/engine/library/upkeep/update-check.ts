import type { CatalogVariant } from '../../../shared/model/catalog.ts';
import type { FileChange } from '../../../shared/model/upkeep.ts';
import { boundedMap } from '../../cache/bounded-map.ts';
import { lstatOrNull } from '../../cache/durable.ts';
import { blobPath } from '../../cache/layout.ts';
import type { ScannedSnapshot } from '../../cache/scan-repository.ts';
import type { RepositoryInfo } from '../../hub/remote-file.ts';
import type { DownloadRow } from '../../ledger/downloads.ts';
import { filterOf } from '../../queue/resolve-files.ts';
import { type ListedFile, passesFilter } from '../../queue/selection.ts';
import { followedFiles } from './followed-files.ts';

const PARALLEL_LOOKS = 16;

/** Finds the catalog's variant of a download. */
export type FindVariant = (model: string | null, variant: string | null) => CatalogVariant | null;

/** An installed revision that a branch names. */
export interface Followed {
  readonly snapshot: ScannedSnapshot;
  /** The branch or tag to check: `main` if it is one of them. */
  readonly revision: string;
  /** Finished downloads that downloaded it from there; none when another program did. */
  readonly downloads: readonly DownloadRow[];
}

/**
 * Returns the installed revisions that a branch or tag names: one per repository, so that one request each is enough.
 */
export function followedRevisions(
  snapshots: readonly ScannedSnapshot[],
  cacheDir: string,
  rows: readonly DownloadRow[],
): readonly Followed[] {
  const byRepo = new Map<string, Followed>();
  for (const snapshot of snapshots) {
    const { repo, commit, refs } = snapshot;
    const revision = refs.includes('main') ? 'main' : refs.toSorted()[0];
    const known = byRepo.get(repo);
    if (revision === undefined || (known !== undefined && revision !== 'main')) continue;
    const downloads = rows.filter(
      (row) =>
        row.repo === repo &&
        row.cacheDir === cacheDir &&
        row.state === 'ready' &&
        row.commit === commit &&
        row.revision === revision,
    );
    byRepo.set(repo, { snapshot, revision, downloads });
  }
  return [...byRepo.values()];
}

/** Returns the files of the newest commit that belong to what is installed. */
export function wantedFiles(
  { snapshot, downloads }: Followed,
  listed: readonly ListedFile[],
  findVariant: FindVariant,
): readonly ListedFile[] {
  if (downloads.length === 0) return followedFiles(snapshot.files, listed);
  const passes = downloads.map(({ repo, revision, model, variant, options }) =>
    passesFilter(filterOf({ ...options, repo, revision, variant: findVariant(model, variant) })),
  );
  return listed.filter(({ path }) => passes.some((does) => does(path)));
}

/** Returns the differences between an installed revision and the newest commit. */
export function changesSince(
  { files }: ScannedSnapshot,
  { files: listed }: RepositoryInfo,
  wanted: readonly ListedFile[],
): readonly FileChange[] {
  const before = new Map(files.map((file) => [file.path, file]));
  const stillListed = new Set(listed.map(({ path }) => path));
  const changes = wanted.flatMap(({ path, size, hash }): readonly FileChange[] => {
    const old = before.get(path);
    if (old === undefined) return [{ path, change: 'added', size }];
    const isSame = old.hash === null ? old.size === size : old.hash === hash;
    return isSame ? [] : [{ path, change: 'changed', size }];
  });
  const removed = files
    .filter(({ path }) => !stillListed.has(path))
    .map(({ path, size }): FileChange => ({ path, change: 'removed', size }));
  return [...changes, ...removed];
}

/** Bytes of contents that are not in the repository's folder yet. */
export async function bytesToDownload(
  wanted: readonly ListedFile[],
  changes: readonly FileChange[],
  place: { readonly cacheDir: string; readonly repo: string },
): Promise<number> {
  const changed = new Set(changes.filter(({ change }) => change !== 'removed').map(({ path }) => path));
  const contents = new Map(wanted.filter(({ path }) => changed.has(path)).map((file) => [file.hash, file]));
  const sizes = await boundedMap([...contents.values()], PARALLEL_LOOKS, async ({ hash, size }) => {
    const there = await lstatOrNull(blobPath(place.cacheDir, place.repo, hash)).catch(() => null);
    return there === null ? size : 0;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
