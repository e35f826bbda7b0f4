import { AppError } from '../../shared/contract/errors.ts';
import { checksOf } from '../../shared/model/block.ts';
import { addRange, type ByteRanges } from '../../shared/model/byte-range.ts';
import type { VerifiedFile } from '../../shared/model/library.ts';
import { identifyFile } from '../cache/file-identity.ts';
import { repositoryFolder } from '../cache/layout.ts';
import { type LocalFile, listSnapshot, localSnapshot } from '../cache/resolve-local.ts';
import { BlockChecks } from '../contents/verification/block-checks.ts';
import { type CheckRecords, hashAndRecord } from '../contents/verification/check-file.ts';
import { algorithmOf } from '../integrity/hash-file.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import type { BlobRow } from '../ledger/blobs.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { chunkRange, planChunks } from '../transfer/chunk-plan.ts';
import { type ExpectedFile, expectedFiles, type KnownFiles } from './expected-files.ts';
import type { DamagedFile } from './judge-installed.ts';

export interface VerifyDeps {
  readonly hasher: HashPool;
  readonly ledger: Pick<LedgerReader, 'blobs' | 'chunks' | 'downloads' | 'files'>;
  readonly records: CheckRecords;
  /** Returns the Hub's file list of a commit. */
  readonly askHub: (commit: string) => Promise<KnownFiles>;
  /** Returns the wrong parts of a file that does not have its hash, as far as the Hub knows them. */
  readonly judge: (file: DamagedFile) => Promise<ByteRanges>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProgress: (path: string, hashedBytes: number, totalBytes: number) => void;
}

/** A snapshot to check, and how thoroughly. */
export interface VerifyTarget {
  readonly cacheDir: string;
  readonly repo: string;
  readonly revision: string;
  /** Size and header only. */
  readonly quick: boolean;
}

/** A checked file, with what is needed to download it again. */
export interface Verified extends VerifiedFile {
  readonly hash: string | null;
}

/** Results of a snapshot. */
export interface VerifiedSnapshot {
  readonly commit: string;
  readonly files: readonly Verified[];
  /** Why the Hub could not be asked for missing hashes; null when that was not needed. */
  readonly uncheckedBecause: string | null;
}

/** Checks every file of an installed snapshot. Throws `NotFound` when it is not in the cache. */
export async function verifyInstalled(
  target: VerifyTarget,
  deps: VerifyDeps,
  signal: AbortSignal,
): Promise<VerifiedSnapshot> {
  const snapshot = await localSnapshot(target);
  if (!snapshot) {
    throw new AppError('NotFound', `${target.repo} (${target.revision}) isn’t in ${target.cacheDir}.`, {
      details: { remedy: 'see-library' },
    });
  }
  const { commit } = snapshot;
  const folder = repositoryFolder(target.cacheDir, target.repo);
  const present = await listSnapshot(snapshot.path);
  const expected = await expectedFiles(target, commit, present, deps);
  const files: Verified[] = [];
  const add = (hash: string | null, result: Result) =>
    files.push({ hash, ...result, checkedAt: new Date(deps.now()).toISOString() });
  for (const file of present) {
    const wanted = expected.of(file);
    add(wanted.hash, await verifyFile(file, wanted, { ...target, commit, folder }, deps, signal));
  }
  for (const { path, hash } of expected.missing(present)) add(hash, missing(path, hash));
  return { commit, files, uncheckedBecause: expected.uncheckedBecause };
}

type Result = Omit<VerifiedFile, 'checkedAt'>;

const missing = (path: string, expected: string): Result => {
  return { path, ok: false, expected, actual: 'missing', badChunks: [] };
};

async function verifyFile(
  file: LocalFile,
  wanted: ExpectedFile,
  { repo, commit, folder, quick }: VerifyTarget & { readonly commit: string; readonly folder: string },
  deps: VerifyDeps,
  signal: AbortSignal,
): Promise<Result> {
  const { path, realPath } = file;
  const { hash, size } = wanted;
  if (realPath === null) return missing(path, hash ?? sizeWords(size));
  const isWrongSize = size !== null && file.size !== size;
  if (isWrongSize && hash !== null && !quick) await recordWrong(realPath, hash, deps);
  if (quick || isWrongSize || hash === null) return verifyQuickly(file, realPath, size, !quick, deps);
  const { hasher, records, now } = deps;
  const onProgress = (hashedBytes: number) => deps.onProgress(path, hashedBytes, file.size);
  const checkDeps = { hasher, records, now, onProgress };
  const { ok, actual } = await hashAndRecord(
    realPath,
    { hash, algorithm: algorithmOf(hash) },
    checkDeps,
    signal,
  );
  if (ok) return { path, ok, expected: hash, actual, badChunks: [] };
  const row = deps.ledger.blobs.find(folder, hash);
  const found = row ? await findDamage(realPath, row, deps) : NO_DAMAGE;
  const { badChunks } = found;
  const judged = await deps.judge({ repo, commit, path, realPath, size: file.size, hash });
  // The Hub's hashes locate damage more precisely than our own blocks.
  const badParts = judged.length > 0 ? judged : found.badParts;
  return { path, ok, expected: hash, actual, badChunks, ...(badParts.length > 0 ? { badParts } : {}) };
}

async function recordWrong(path: string, hash: string, { records, now }: VerifyDeps): Promise<void> {
  const file = await identifyFile(path);
  if (file) records.save?.(file.path, { identity: file.identity, hash, checkedAt: now(), ok: false });
}

/**
 * Checks size and header. A safetensors header determines the length of its file; another file without a known size
 * cannot be checked. With `wantsHash` a correct size is not enough.
 */
async function verifyQuickly(
  { path, size: bytes }: LocalFile,
  realPath: string,
  size: number | null,
  wantsHash: boolean,
  { hasher }: VerifyDeps,
): Promise<Result> {
  const expected = sizeWords(size);
  const found = { path, expected, badChunks: [] };
  if (size !== null && bytes !== size) return { ...found, ok: false, actual: sizeWords(bytes) };
  const hasHeader = path.endsWith('.safetensors');
  const problem = hasHeader ? await hasher.safetensorsProblem(realPath) : null;
  if (problem !== null) return { ...found, ok: false, actual: problem };
  if (wantsHash || (size === null && !hasHeader)) return { ...found, ok: null, actual: 'not checked' };
  return { ...found, ok: true, actual: sizeWords(bytes) };
}

const sizeWords = (size: number | null): string => (size === null ? 'unknown' : `size ${size}`);

/** The ledger's data about a damaged file. */
interface Damage {
  readonly badChunks: readonly number[];
  /** Blocks that changed since they were received; none for chunks whose blocks were not checked. */
  readonly badParts: ByteRanges;
}

const NO_DAMAGE: Damage = { badChunks: [], badParts: [] };

async function findDamage(path: string, row: BlobRow, { hasher, ledger }: VerifyDeps): Promise<Damage> {
  const plan = planChunks(row.size, row.chunkBytes);
  const badChunks: number[] = [];
  let badParts: ByteRanges = [];
  for (const { index, sha256, checks } of ledger.chunks.listChecked(row.id)) {
    if (sha256 === null || index >= plan.count) continue;
    const range = chunkRange(plan, index);
    if ((await hasher.hash({ path, ...range }, 'sha256')) === sha256) continue;
    badChunks.push(index);
    const blocks = new BlockChecks(plan);
    blocks.restore(index, checks);
    const found = checksOf(range, await hasher.blockCrcs({ path, ...range }));
    for (const { start, end } of blocks.differing(found)) badParts = addRange(badParts, { start, end });
  }
  return { badChunks, badParts };
}
