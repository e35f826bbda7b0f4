import { repositoryFolder } from '../cache/layout.ts';
import type { ScannedSnapshot } from '../cache/scan-repository.ts';
import type { ReadableLedger } from '../engine-parts.ts';
import { installedFiles } from './installed-files.ts';

/** The last deep check of a whole snapshot. */
export interface LastCheck {
  /** ISO time at which the first of its files was checked last; null when one of them never was. */
  readonly verifiedAt: string | null;
  readonly verifiedOk: boolean | null;
}

const NEVER: LastCheck = { verifiedAt: null, verifiedOk: null };

/** What the ledger remembers of the contents of a snapshot. */
export function lastCheckOf(
  cacheDir: string,
  { repo, commit, files, complete }: Pick<ScannedSnapshot, 'repo' | 'commit' | 'files' | 'complete'>,
  ledger: Pick<ReadableLedger, 'checks' | 'downloads' | 'files'>,
): LastCheck {
  const folder = repositoryFolder(cacheDir, repo);
  const installed = installedFiles({ cacheDir, repo }, commit, ledger);
  const hashes = new Set([...installed.values()].map(({ hash }) => hash));
  for (const { path, hash } of files) {
    const name = hash ?? installed.get(path)?.hash;
    if (name === undefined) return NEVER; // Nobody knows what its content should be.
    hashes.add(name);
  }
  const found = [...hashes].map((hash) => ledger.checks.find(folder, hash));
  const checks = found.filter((check) => check !== null);
  if (checks.length === 0 || checks.length < found.length) return NEVER;
  const verifiedOk = checks.every(({ ok }) => ok);
  // What is right so far says nothing of a model of which a part is missing.
  if (verifiedOk && !complete) return NEVER;
  return {
    verifiedAt: new Date(Math.min(...checks.map(({ checkedAt }) => checkedAt))).toISOString(),
    verifiedOk,
  };
}
