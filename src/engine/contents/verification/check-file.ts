import type { HashAlgorithm } from '../../../shared/model/download.ts';
import { type FileIdentity, identifyFile } from '../../cache/file-identity.ts';
import { hashFile } from '../../integrity/hash-file.ts';
import type { Hasher } from '../../integrity/hash-pool.ts';
import type { CheckRow } from '../../ledger/checks.ts';

/** Where results of earlier checks are; `save` is absent where the ledger may only be read. */
export interface CheckRecords {
  readonly find: (path: string) => CheckRow | null;
  readonly save?: (path: string, row: CheckRow) => void;
}

/** What the content of a file must be. */
export interface Expected {
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** Why the bytes of a file are held to be right. */
export interface PassedCheck {
  /** `hashed`: its bytes were hashed now. `recorded`: earlier, and the file is unchanged since. */
  readonly check: 'hashed' | 'recorded';
  /** Milliseconds since the epoch. */
  readonly checkedAtMs: number;
}

/** What hashing a file showed. */
export interface HashedFile {
  readonly ok: boolean;
  /** Hash of its bytes. */
  readonly actual: string;
}

/** What a check works with. */
export interface CheckFileDeps {
  readonly hasher: Pick<Hasher, 'openStream'>;
  readonly records: CheckRecords;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onProgress: (hashedBytes: number) => void;
}

/** When a file was found to have this hash, as long as it is still the file that was hashed; null when nothing says so. */
export async function recordedCheck(
  path: string,
  hash: string,
  { find }: Pick<CheckRecords, 'find'>,
): Promise<PassedCheck | null> {
  const file = await identifyFile(path);
  return file && holdingRecord(file, hash, find(file.path));
}

/** The same for a file that was looked at already. */
export function holdingRecord(
  { identity }: Pick<FileIdentity, 'identity'>,
  hash: string,
  row: CheckRow | null,
): PassedCheck | null {
  if (!row?.ok || row.hash !== hash || row.identity !== identity) return null;
  return { check: 'recorded', checkedAtMs: row.checkedAt };
}

/**
 * Hashes a file and keeps the result. A file that changed meanwhile is not what was hashed: that counts as wrong, and nothing is
 * kept. Rejects as `hashFile` does.
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

/** Whether a file is right: by a record that still holds, else by hashing it now. Null when it is wrong. */
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
