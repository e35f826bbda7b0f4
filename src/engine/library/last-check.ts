import { join } from 'node:path';
import { boundedMap } from '../cache/bounded-map.ts';
import { identifyFile } from '../cache/file-identity.ts';
import type { ScannedSnapshot } from '../cache/scan-repository.ts';
import type { ReadableLedger } from '../engine-parts.ts';
import type { CheckRow } from '../ledger/checks.ts';
import { installedFiles } from './installed-files.ts';

/** The last deep check of a whole snapshot. */
export interface LastCheck {
  /** ISO time of the oldest of the last checks of its files; null when one of them was never checked. */
  readonly verifiedAt: string | null;
  readonly verifiedOk: boolean | null;
}

const NEVER: LastCheck = { verifiedAt: null, verifiedOk: null };

/** Concurrent file-system calls. */
const PARALLEL_CALLS = 16;

type Snapshot = Pick<ScannedSnapshot, 'repo' | 'commit' | 'path' | 'files' | 'complete'>;

/** Returns the ledger's last checks of the files of a snapshot, as long as they are the files that were hashed. */
export async function lastCheckOf(
  cacheDir: string,
  snapshot: Snapshot,
  ledger: Pick<ReadableLedger, 'checks' | 'downloads' | 'files'>,
): Promise<LastCheck> {
  const { repo, commit, path: folder, files, complete } = snapshot;
  const installed = installedFiles({ cacheDir, repo }, commit, ledger);
  const found = await boundedMap(files, PARALLEL_CALLS, async ({ path, hash }) => {
    const wanted = installed.get(path)?.hash ?? hash;
    installed.delete(path);
    return checkOf(join(folder, path), wanted, ledger);
  });
  const checks = found.filter((check) => check !== null);
  const bad = checks.filter(({ ok }) => !ok);
  if (bad.length > 0) return { verifiedAt: firstTime(bad), verifiedOk: false };
  // Correct files say nothing about a model when others are missing or were not checked.
  const isWhole = complete && installed.size === 0 && checks.length === files.length && files.length > 0;
  return isWhole ? { verifiedAt: firstTime(checks), verifiedOk: true } : NEVER;
}

/** `wanted` is null when only the record knows what the content should be. */
async function checkOf(
  location: string,
  wanted: string | null,
  { checks }: Pick<ReadableLedger, 'checks'>,
): Promise<CheckRow | null> {
  const file = await identifyFile(location);
  const check = file && checks.find(file.path);
  if (!check || check.identity !== file.identity) return null;
  return wanted === null || check.hash === wanted ? check : null;
}

function firstTime(checks: readonly CheckRow[]): string {
  return new Date(
    checks.reduce((first, { checkedAt }) => Math.min(first, checkedAt), Infinity),
  ).toISOString();
}
