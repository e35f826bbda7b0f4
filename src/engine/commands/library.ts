import { lstat, realpath, unlink } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import type { CommandArgs } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { RemoveReport, VerifyReport } from '../../shared/model/library.ts';
import { lstatOrNull } from '../cache/durable.ts';
import { repositoryFolder } from '../cache/layout.ts';
import { removeRepository } from '../cache/remove.ts';
import type { CheckRecords } from '../contents/verification/check-file.ts';
import type { EngineParts, ReadableLedger } from '../engine-parts.ts';
import type { Builds } from '../jobs/quantize/builds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type DamagedFile, damagedParts } from '../library/judge-installed.ts';
import { type VerifiedSnapshot, verifyInstalled } from '../library/verify-installed.ts';
import type { DownloadQueue } from '../queue/queue.ts';
import { type InstalledTarget, installedTargets } from './target.ts';

/** Checks the installed files of a model; reports one result per file. */
export async function verifyModel(
  args: CommandArgs<'library.verify'>,
  parts: EngineParts,
  ledger: ReadableLedger,
  records: CheckRecords = { find: ledger.checks.find },
): Promise<VerifyReport> {
  const [target] = await installedTargets(args, parts);
  return report(await checkTarget(target, args.quick, parts, ledger, records));
}

/** Checks, downloads damaged contents again, and checks those. */
export async function repairModel(
  args: CommandArgs<'library.verify'>,
  parts: EngineParts,
  ledger: Ledger,
  downloads: DownloadQueue,
): Promise<VerifyReport> {
  const [target] = await installedTargets(args, parts);
  const before = await checkTarget(target, args.quick, parts, ledger, ledger.checks);
  const bad = before.files.filter(({ ok }) => ok === false);
  if (bad.length === 0) return report(before);
  const hashes = new Set(bad.flatMap(({ hash }) => (hash === null ? [] : [hash])));
  const id = downloads.addIdle(
    { repo: target.repo, revision: target.revision, model: null, variant: null },
    before.commit,
    before.files.map(({ path }) => path),
  );
  const failure = await downloads.repair(id, hashes);
  if (failure) throw new AppError(failure.code, failure.message, failure);
  return report(await checkTarget(target, args.quick, parts, ledger, ledger.checks));
}

async function checkTarget(
  { repo, revision }: InstalledTarget,
  quick: boolean,
  { cacheDir, hasher, hub, signal, events, clock, leases, xetClient, log }: EngineParts,
  ledger: ReadableLedger,
  records: CheckRecords,
) {
  const startedMs = clock.monotonic();
  let toldMs = startedMs;
  const onProgress = (path: string, hashedBytes: number, totalBytes: number) => {
    const now = clock.monotonic();
    if (now - toldMs < 1000) return;
    toldMs = now;
    const seconds = Math.floor((now - startedMs) / 1000);
    events.emit({ event: 'verifying', download: repo, path, seconds, hashedBytes, totalBytes });
  };
  const askHub = async (commit: string) => (await hub.repositoryInfo(repo, commit, signal)).files;
  const keptOf = ({ hash }: DamagedFile) => {
    const blob = ledger.blobs.find(repositoryFolder(cacheDir, repo), hash);
    const { proofs } = ledger;
    if (blob === null) return null;
    const list = () => proofs.list(blob.id);
    // Who may not keep checks reads the ledger only.
    if (records.save === undefined) return { list };
    return { list, save: (rows: Parameters<typeof proofs.save>[1]) => proofs.save(blob.id, rows) };
  };
  const judge = (file: DamagedFile) => damagedParts(file, { hub, hasher, xetClient, keptOf, log }, signal);
  const deps = { hasher, ledger, records, askHub, judge, now: clock.now, onProgress };
  const release = await leases.acquire(repositoryFolder(cacheDir, repo), 'shared', signal);
  try {
    return await verifyInstalled({ cacheDir, repo, revision, quick }, deps, signal);
  } finally {
    release();
  }
}

function report({ files, uncheckedBecause }: VerifiedSnapshot): VerifyReport {
  const plain = files.map(({ hash: _hash, ...file }) => file);
  const isUnchecked = plain.some(({ ok }) => ok === null);
  const ok = plain.some((file) => file.ok === false) ? false : isUnchecked ? null : true;
  return { files: plain, ok, ...(isUnchecked && uncheckedBecause !== null ? { uncheckedBecause } : {}) };
}

/**
 * Where a model lies that was moved to another cache folder: a link of its own name, to a folder of this user. Null for one that is
 * where it seems to be; any other link is left to the removal, which refuses it.
 */
async function movedTo(folder: string): Promise<string | null> {
  if ((await lstatOrNull(folder))?.isSymbolicLink() !== true) return null;
  const real = await realpath(folder).catch(() => null);
  if (real === null || basename(real) !== basename(folder)) return null;
  const isOurs = process.getuid === undefined || (await lstat(real)).uid === process.getuid();
  return isOurs ? real : null;
}

/**
 * Deletes a model, or one commit of it, from the cache. Its finished downloads are deleted from the list; unfinished
 * ones must be canceled first. Waits for checks of the same model; a download added in the meantime waits until it is
 * done.
 */
export async function removeModel(
  args: CommandArgs<'library.remove'>,
  parts: EngineParts,
  ledger: Ledger,
  { downloads, builds }: { readonly downloads: DownloadQueue; readonly builds: Builds },
): Promise<RemoveReport> {
  const targets = await installedTargets(args, parts);
  const [{ repo, commit }] = targets;
  if (targets.length > 1) {
    const repos = targets.map((target) => target.repo).join(', ');
    throw new AppError(
      'BadRequest',
      `Several variants of ${args.reference} are installed: ${repos}. Name the one to remove.`,
    );
  }
  downloads.requireIdle(repo);
  builds.requireIdle({ repo });
  const folder = repositoryFolder(parts.cacheDir, repo);
  const release = await parts.leases.acquire(folder, 'exclusive', parts.signal);
  try {
    builds.requireIdle({ repo });
    downloads.requireIdle(repo); // One may have been added while waiting for the lease.
    const isWhole = args.revision === undefined;
    const realFolder = await realpath(folder).catch(() => folder);
    const moved = await movedTo(folder);
    const removed = await removeRepository({
      cacheDir: moved === null ? parts.cacheDir : dirname(moved),
      repo,
      ...(isWhole ? {} : { commit }),
    });
    if (moved !== null && (await lstatOrNull(moved)) === null) await unlink(folder);
    if (isWhole) {
      ledger.transaction(() => {
        ledger.blobs.removeFolder(folder);
        ledger.checks.removeFolder(realFolder, sep);
      });
    }
    await downloads.forgetReady(repo, isWhole ? null : commit);
    return removed;
  } finally {
    release();
  }
}
