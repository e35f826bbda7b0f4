import { join } from 'node:path';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { checkFilePath } from '../../shared/model/file-path.ts';
import { typedRepository } from '../../shared/model/repository.ts';
import { boundedMap } from '../cache/bounded-map.ts';
import { identifyFile } from '../cache/file-identity.ts';
import { isBlobHash, refsFolder, snapshotFolder } from '../cache/layout.ts';
import { listRefs } from '../cache/refs.ts';
import { listSnapshotEntries, type SnapshotEntry } from '../cache/snapshot-files.ts';
import type { LedgerTables } from '../ledger/tables.ts';

/** Concurrent file-system calls. */
const PARALLEL_CALLS = 16;

/** The ledger's records of what may be shared. The same for the owner's ledger and a reader's. */
export type SharingRecords = {
  readonly publicCommits: Pick<LedgerTables['publicCommits'], 'list'>;
  readonly checks: Pick<LedgerTables['checks'], 'find'>;
};

/** A file that may be shared: of a public commit, hashed and found correct, and unchanged since. */
export interface SharedFile {
  /** Path in the repository, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
  /** Path of its bytes, links resolved. */
  readonly realPath: string;
  /** The file when it was hashed; it is not sent when it has changed since. */
  readonly identity: string;
}

/** A commit that is at least partly shared. */
export interface SharedCommit {
  readonly repo: string;
  readonly commit: string;
  /** Sorted by path. */
  readonly files: ReadonlyMap<string, SharedFile>;
}

/** A repository that is at least partly shared. */
export interface SharedRepository {
  readonly commits: ReadonlyMap<string, SharedCommit>;
  /** Branches and tags of this cache that point to one of its shared commits. */
  readonly refs: ReadonlyMap<string, string>;
}

/**
 * Everything that is shared. Requests are answered from this and from nothing else: a path is never made from the
 * content of a request.
 */
export interface SharedFiles {
  readonly repositories: ReadonlyMap<string, SharedRepository>;
  readonly byHash: ReadonlyMap<string, SharedFile>;
  /** Bytes of all contents, each once. */
  readonly bytes: number;
}

/** What to scan. */
export interface SharingScope {
  readonly cacheDir: string;
  /** True for repositories that are shared. */
  readonly isWanted: (repo: string) => boolean;
}

/**
 * Returns the files that may be shared: the Hub reported their commit as public, and the ledger has a check of exactly
 * this file (size, times, inode) that found it correct. Hashes nothing, and contacts no server. What cannot be read is
 * left out.
 */
export async function findSharedFiles(
  { cacheDir, isWanted }: SharingScope,
  records: SharingRecords,
): Promise<SharedFiles> {
  const repositories = new Map<string, SharedRepository>();
  const byHash = new Map<string, SharedFile>();
  const wanted = records.publicCommits
    .list()
    .filter(({ repo }) => typedRepository(repo).type === 'model' && isWanted(repo));
  for (const [repo, group] of Map.groupBy(wanted, (each) => each.repo)) {
    const commits = new Map<string, SharedCommit>();
    for (const { commit } of group) {
      const files = await sharedIn(cacheDir, repo, commit, records).catch(() => new Map());
      if (files.size > 0) commits.set(commit, { repo, commit, files });
      for (const file of files.values()) byHash.set(file.hash, file);
    }
    if (commits.size > 0) repositories.set(repo, { commits, refs: await refsTo(commits, cacheDir, repo) });
  }
  const bytes = [...byHash.values()].reduce((sum, { size }) => sum + size, 0);
  return { repositories, byHash, bytes };
}

async function sharedIn(
  cacheDir: string,
  repo: string,
  commit: string,
  records: SharingRecords,
): Promise<ReadonlyMap<string, SharedFile>> {
  const folder = snapshotFolder(cacheDir, repo, commit);
  const entries = await listSnapshotEntries(folder, () => undefined);
  const found = await boundedMap(entries, PARALLEL_CALLS, (entry) => sharedFile(folder, entry, records));
  return new Map(found.flatMap((file) => (file === null ? [] : [[file.path, file]])));
}

async function sharedFile(
  folder: string,
  { path, hash: linked }: SnapshotEntry,
  { checks }: SharingRecords,
): Promise<SharedFile | null> {
  if (!isSafe(path)) return null;
  const file = await identifyFile(join(folder, path));
  if (file === null) return null;
  const check = checks.find(file.path);
  if (!check?.ok || check.identity !== file.identity || !isBlobHash(check.hash)) return null;
  if (linked !== null && linked !== check.hash) return null;
  const { hash } = check;
  const algorithm = hash.length === 64 ? 'sha256' : 'git-sha1';
  return { path, size: file.size, hash, algorithm, realPath: file.path, identity: file.identity };
}

/** A name that our own downloads would reject is not offered to others. */
function isSafe(path: string): boolean {
  try {
    checkFilePath(path);
    return true;
  } catch {
    return false;
  }
}

async function refsTo(
  commits: ReadonlyMap<string, SharedCommit>,
  cacheDir: string,
  repo: string,
): Promise<ReadonlyMap<string, string>> {
  const refs = await listRefs(refsFolder(cacheDir, repo), () => undefined).catch(() => []);
  return new Map(
    refs.filter(({ commit }) => commits.has(commit)).map(({ revision, commit }) => [revision, commit]),
  );
}
