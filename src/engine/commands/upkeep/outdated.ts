import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts';
import type { UpdateCheck, UpdateReport } from '../../../shared/model/upkeep.ts';
import { boundedMap } from '../../cache/bounded-map.ts';
import { scanCache } from '../../cache/scan.ts';
import type { EngineParts, ReadableLedger } from '../../engine-parts.ts';
import { classify } from '../../errors/classify.ts';
import {
  bytesToDownload,
  changesSince,
  type FindVariant,
  type Followed,
  followedRevisions,
  wantedFiles,
} from '../../library/upkeep/update-check.ts';
import { installedTargets } from '../target.ts';

/** Concurrent requests: enough for 200 repositories in 1.3 s at 50 ms each, and polite to the server. */
export const PARALLEL_QUESTIONS = 8;

/** The error of one repository says nothing about the others; after these, none of them could be requested. */
const OF_THE_HUB: ReadonlySet<ErrorCode> = new Set([
  ...(['Cancelled', 'Offline', 'Timeout', 'Stalled', 'RateLimited', 'ProxyAuthRequired'] as const),
]);

/**
 * Asks the Hub which installed models have a newer commit. One request per repository, none for snapshots that no
 * branch names.
 */
export async function outdated(
  references: readonly string[] | undefined,
  parts: EngineParts,
  ledger: ReadableLedger,
): Promise<UpdateReport> {
  const followed = await followedModels(references, parts, ledger);
  const findVariant = await variantFinder(parts);
  const models = await boundedMap(followed, PARALLEL_QUESTIONS, (each) => check(each, parts, findVariant));
  return { models };
}

/** Returns the installed models that a branch names; of `references` when they are given. */
export async function followedModels(
  references: readonly string[] | undefined,
  parts: EngineParts,
  ledger: ReadableLedger,
): Promise<readonly Followed[]> {
  const { cacheDir, signal } = parts;
  const { snapshots } = await scanCache(cacheDir, signal);
  const all = followedRevisions(snapshots, cacheDir, ledger.downloads.list());
  if (references === undefined) return all;
  const targets = await Promise.all(references.map((reference) => installedTargets({ reference }, parts)));
  const repos = new Set(targets.flat().map(({ repo }) => repo));
  return all.filter(({ snapshot }) => repos.has(snapshot.repo));
}

/** Returns the catalog's variants; none when it cannot be read. */
export async function variantFinder({ catalog }: EngineParts): Promise<FindVariant> {
  const { models } = await catalog().catch(() => ({ models: [] }));
  return (model, variant) =>
    models.find(({ id }) => id === model)?.variants.find(({ id }) => id === variant) ?? null;
}

async function check(
  followed: Followed,
  { hub, cacheDir, signal }: EngineParts,
  findVariant: FindVariant,
): Promise<UpdateCheck> {
  const { snapshot, revision } = followed;
  const { repo, commit } = snapshot;
  const found = { repo, revision, commit };
  try {
    const info = await hub.repositoryInfo(repo, revision, signal);
    const told = { latestCommit: info.commit, updatedAt: info.updatedAt, error: null };
    if (info.commit === commit) return { ...found, ...told, changes: [], downloadBytes: 0 };
    const wanted = wantedFiles(followed, info.files, findVariant);
    const changes = changesSince(snapshot, info, wanted);
    const downloadBytes = await bytesToDownload(wanted, changes, { cacheDir, repo });
    return { ...found, ...told, changes, downloadBytes };
  } catch (cause) {
    signal.throwIfAborted();
    const error = cause instanceof AppError ? cause : classify(cause);
    if (OF_THE_HUB.has(error.code)) throw error;
    const nothing = { latestCommit: null, updatedAt: null, changes: [], downloadBytes: 0 };
    return { ...found, ...nothing, error: error.toData() };
  }
}
