import { AppError } from '../../shared/contract/errors.ts';
import { repositoryFolder } from '../cache/layout.ts';
import type { LocalFile } from '../cache/resolve-local.ts';
import { classify } from '../errors/classify.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { installedFiles } from './installed-files.ts';

/** Files with size and hash, from the ledger or the Hub. */
export type KnownFiles = ReadonlyArray<{
  readonly path: string;
  readonly size: number;
  readonly hash: string;
}>;

/** The expected content of a file, as far as it is known. */
export interface ExpectedFile {
  readonly hash: string | null;
  readonly size: number | null;
}

/** The expected files of a snapshot. */
export interface ExpectedFiles {
  readonly of: (file: Pick<LocalFile, 'path' | 'hash'>) => ExpectedFile;
  /** Downloaded files that are no longer in the snapshot. */
  readonly missing: (present: readonly LocalFile[]) => KnownFiles;
  readonly uncheckedBecause: string | null;
}

interface Target {
  readonly cacheDir: string;
  readonly repo: string;
  /** Compare sizes only, not hashes. */
  readonly quick: boolean;
}

interface Deps {
  readonly ledger: Pick<LedgerReader, 'blobs' | 'downloads' | 'files'>;
  readonly askHub: (commit: string) => Promise<KnownFiles>;
}

/**
 * Determines what the files of a snapshot should be: from the ledger, else from the Hub, else from the name of the blob
 * that a link points to. The Hub is asked at most once, and only when something is not known on this computer: the
 * content of a snapshot without links has no meaningful name.
 */
export async function expectedFiles(
  target: Target,
  commit: string,
  present: readonly LocalFile[],
  { ledger, askHub }: Deps,
): Promise<ExpectedFiles> {
  const folder = repositoryFolder(target.cacheDir, target.repo);
  const brought = installedFiles(target, commit, ledger);
  const here = (file: Pick<LocalFile, 'path' | 'hash'>): ExpectedFile => {
    const known = brought.get(file.path);
    if (known) return known;
    return {
      hash: file.hash,
      size: file.hash === null ? null : (ledger.blobs.find(folder, file.hash)?.size ?? null),
    };
  };
  const isUnknown = (file: LocalFile) => here(file)[target.quick ? 'size' : 'hash'] === null;
  const { listed, problem } = present.some(isUnknown)
    ? await ask(() => askHub(commit))
    : { listed: new Map<string, ExpectedFile>(), problem: null };
  return {
    of: (file) => {
      const { hash, size } = here(file);
      const told = brought.has(file.path) ? undefined : listed.get(file.path);
      return { hash: told?.hash ?? hash, size: told?.size ?? size };
    },
    missing: (files) => {
      const paths = new Set(files.map(({ path }) => path));
      return [...brought.values()].filter(({ path }) => !paths.has(path));
    },
    uncheckedBecause: problem,
  };
}

/** A verification continues without the Hub's answer, and reports that. */
async function ask(work: () => Promise<KnownFiles>) {
  try {
    const files = await work();
    return { listed: new Map<string, ExpectedFile>(files.map((file) => [file.path, file])), problem: null };
  } catch (error) {
    const failure = error instanceof AppError ? error : classify(error);
    if (failure.code === 'Cancelled') throw failure;
    return { listed: new Map<string, ExpectedFile>(), problem: failure.message };
  }
}
