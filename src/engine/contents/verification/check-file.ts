import type { HashAlgorithm } from '../../../shared/model/download.ts';
import { type FileIdentity, identifyFile } from '../../cache/file-identity.ts';
import { hashFile } from '../../integrity/hash-file.ts';
import type { Hasher } from '../../integrity/hash-pool.ts';
import type { CheckRow } from '../../ledger/checks.ts';

/** The results of earlier checks; `save` is absent when the ledger may only be read. */
export interface CheckRecords {
  readonly find: (path: string) => CheckRow | null;
  readonly save?: (path: string, row: CheckRow) => void;
}

/** The expected content of a file. */
export interface Expected {
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** How the bytes of a file are known to be correct. */
export interface PassedCheck {
  /** `hashed`: its bytes were hashed now. `recorded`: they were hashed earlier, and the file is unchanged since. */
  readonly check: 'hashed' | 'recorded';
  /** Milliseconds since the epoch. */
  readonly checkedAtMs: number;
}

/** The result of hashing a file. */
export interface HashedFile {
  readonly ok: boolean;
  /** Hash of its bytes. */
  readonly actual: string;
}

/** Dependencies of a check. */
export interface CheckFileDeps {
  readonly hasher: Pick<Hasher, 'openStream'>;
  readonly records: CheckRecords;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProgress: (hashedBytes: number) => void;
}

/**
 * Returns when a file was found to have this hash, if it is still the file that was hashed; null when there is no such
 * record.
 */
export async function recordedCheck(
  path: string,
  hash: string,
  { find }: Pick<CheckRecords, 'find'>,
): Promise<PassedCheck | null> {
  const file = await identifyFile(path);
  return file && holdingRecord(file, hash, find(file.path));
}

/** Does the same for a file that has already been stat'ed. */
export function holdingRecord(
  { identity }: Pick<FileIdentity, 'identity'>,
  hash: string,
  row: CheckRow | null,
): PassedCheck | null {
  if (!row?.ok || row.hash !== hash || row.identity !== identity) return null;
  return { check: 'recorded', checkedAtMs: row.checkedAt };
}

/**
 * Hashes a file and stores the result. A file that changed in the meantime is not what was hashed: that counts as
 * wrong, and nothing is stored. Rejects as `hashFile` does.
 */
export async function hashAndRecord(
  path: string,
  { hash, algorithm }: Expected,
  { hasher, records, now, onProgress }: CheckFileDeps,
  signal: AbortSignal,
): Promise<HashedFile> {
  const before = await identifyFile(path);
  const size = before?.size ?? 0;
  onProgress(0);
  const actual = await hashFile({ path, size, algorithm, onProgress }, hasher, signal);
  const after = await identifyFile(path);
  if (!before || after?.identity !== before.identity || after.path !== before.path) {
    return { ok: false, actual: 'changed while it was read' };
  }
  const ok = actual === hash;
  records.save?.(before.path, { identity: before.identity, hash, checkedAt: now(), ok });
  return { ok, actual };
}

/**
 * Checks whether a file is correct, by a record that still holds or else by hashing it now. Returns null when it is
 * wrong.
 */
export async function checkFile(
  path: string,
  expected: Expected,
  deps: CheckFileDeps,
  signal: AbortSignal,
): Promise<PassedCheck | null> {
  const recorded = await recordedCheck(path, expected.hash, deps.records);
  if (recorded) return recorded;
  const { ok } = await hashAndRecord(path, expected, deps, signal);
  return ok ? { check: 'hashed', checkedAtMs: deps.now() } : null;
}
