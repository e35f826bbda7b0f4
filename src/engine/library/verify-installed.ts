import { AppError } from '../../shared/contract/errors.ts';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import type { VerifiedFile } from '../../shared/model/library.ts';
import { repositoryFolder } from '../cache/layout.ts';
import { type LocalFile, listSnapshot, localSnapshot } from '../cache/resolve-local.ts';
import type { HashPool } from '../integrity/hash-pool.ts';
import type { BlobRow } from '../ledger/blobs.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { chunkRange, planChunks } from '../transfer/chunk-plan.ts';
import { installedFiles } from './installed-files.ts';

/** Bytes that are hashed between two progress reports. */
const STEP_BYTES = 64 * 1024 * 1024;

export interface VerifyDeps {
  readonly hasher: HashPool;
  readonly ledger: Pick<LedgerReader, 'blobs' | 'chunks' | 'downloads' | 'files'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Keeps the result of a deep check of a content; absent where the ledger may only be read. */
  readonly keep?: (folder: string, hash: string, checkedAtMs: number, ok: boolean) => void;
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

/** A checked file, with what is needed to bring it again. */
export interface Verified extends VerifiedFile {
  readonly hash: string | null;
}

/** Checks every file of an installed snapshot. Throws `NotFound` when it is not in the cache. */
export async function verifyInstalled(
  target: VerifyTarget,
  deps: VerifyDeps,
  signal: AbortSignal,
): Promise<{ readonly commit: string; readonly files: readonly Verified[] }> {
  const snapshot = await localSnapshot(target);
  if (!snapshot) {
    throw new AppError(
      'NotFound',
      `${target.repo} (${target.revision}) is not in ${target.cacheDir}. \`haulyard list\` shows what is.`,
    );
  }
  const folder = repositoryFolder(target.cacheDir, target.repo);
  const expected = installedFiles(target, snapshot.commit, deps.ledger);
  const present = await listSnapshot(snapshot.path);
  const results: Verified[] = [];
  const add = (hash: string | null, result: Result) => {
    const checkedAtMs = deps.now();
    results.push({ hash, ...result, checkedAt: new Date(checkedAtMs).toISOString() });
    if (!target.quick && hash !== null) deps.keep?.(folder, hash, checkedAtMs, result.ok);
  };
  for (const file of present) {
    const hash = file.hash ?? expected.get(file.path)?.hash ?? null;
    const row = hash === null ? null : deps.ledger.blobs.find(folder, hash);
    const size = expected.get(file.path)?.size ?? row?.size ?? null;
    add(hash, await verifyFile({ ...file, hash }, size, row, target.quick, deps, signal));
    expected.delete(file.path);
  }
  for (const [path, { hash }] of expected) {
    add(hash, { path, ok: false, expected: hash, actual: 'missing', badChunks: [] });
  }
  return { commit: snapshot.commit, files: results };
}

type Result = Omit<VerifiedFile, 'checkedAt'>;

async function verifyFile(
  file: LocalFile,
  size: number | null,
  row: BlobRow | null,
  quick: boolean,
  deps: VerifyDeps,
  signal: AbortSignal,
): Promise<Result> {
  const { path, realPath, hash } = file;
  const name = hash ?? `size ${size ?? file.size}`;
  if (realPath === null) return { path, ok: false, expected: name, actual: 'missing', badChunks: [] };
  const wrongSize = size !== null && file.size !== size;
  if (quick || wrongSize || hash === null) return verifyQuickly(file, realPath, size, deps);
  const actual = await hashFile(file, realPath, algorithmOf(hash), deps, signal);
  const ok = actual === hash;
  const badChunks = ok || !row ? [] : await findBadChunks(realPath, row, deps);
  return { path, ok, expected: hash, actual, badChunks };
}

async function verifyQuickly(
  file: LocalFile,
  realPath: string,
  size: number | null,
  { hasher }: VerifyDeps,
): Promise<Result> {
  const expected = `size ${size ?? file.size}`;
  const actual = `size ${file.size}`;
  if (expected !== actual || !file.path.endsWith('.safetensors')) {
    return { path: file.path, ok: expected === actual, expected, actual, badChunks: [] };
  }
  const problem = await hasher.safetensorsProblem(realPath);
  return { path: file.path, ok: problem === null, expected, actual: problem ?? actual, badChunks: [] };
}

/** The Hub names contents by SHA-256 (64 digits) or git's SHA-1 (40). */
function algorithmOf(hash: string): HashAlgorithm {
  return hash.length === 64 ? 'sha256' : 'git-sha1';
}

async function hashFile(
  { path, size }: LocalFile,
  realPath: string,
  algorithm: HashAlgorithm,
  { hasher, onProgress }: VerifyDeps,
  signal: AbortSignal,
): Promise<string> {
  const stream = hasher.openStream(algorithm, size);
  try {
    for (let start = 0; start < size; start += STEP_BYTES) {
      signal.throwIfAborted();
      const end = Math.min(size, start + STEP_BYTES);
      await stream.feed({ path: realPath, start, end });
      onProgress(path, end, size);
    }
  } catch (error) {
    stream.drop();
    throw error;
  }
  return stream.digest();
}

async function findBadChunks(path: string, row: BlobRow, { hasher, ledger }: VerifyDeps): Promise<number[]> {
  const plan = planChunks(row.size, row.chunkBytes);
  const bad: number[] = [];
  for (const { index, sha256 } of ledger.chunks.list(row.id)) {
    if (sha256 === null || index >= plan.count) continue;
    if ((await hasher.hash({ path, ...chunkRange(plan, index) }, 'sha256')) !== sha256) bad.push(index);
  }
  return bad;
}
