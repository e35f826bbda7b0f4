import type { CommandArgs } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { MadeModel } from '../../shared/model/build.ts';
import type { Catalog } from '../../shared/model/catalog.ts';
import type { RemoveReport, VerifyReport } from '../../shared/model/library.ts';
import { createFreedBytes } from '../cache/freed-bytes.ts';
import { removeTree } from '../cache/remove-tree.ts';
import { findByRepository } from '../catalog/find-model.ts';
import type { EngineParts, ReadableLedger } from '../engine-parts.ts';
import type { Builds } from '../jobs/quantize/builds.ts';
import { madeFolder } from '../jobs/quantize/install/made-folder.ts';
import { type FoundModel, readMade, scanMade } from '../jobs/quantize/install/scan-made.ts';
import { verifyMade } from '../jobs/quantize/install/verify-made.ts';
import { knownHash } from '../jobs/quantize/known-hash.ts';
import { UNIT_THREADS } from '../jobs/quantize/open-builds.ts';
import { buildSource } from './build-target.ts';

type Wanted = Pick<CommandArgs<'library.path'>, 'reference' | 'revision' | 'variant'>;

/** Folders that may contain built models: the one of the settings, and others given to builds. */
function rootsOf(parts: EngineParts, ledger: Pick<ReadableLedger, 'settings' | 'builds'>): readonly string[] {
  const told = ledger.builds.list().filter(({ cacheDir }) => cacheDir === parts.cacheDir);
  return [...new Set([parts.buildRoot(ledger.settings.get()), ...told.map(({ root }) => root)])];
}

/** Returns everything that was built here. */
export async function listMade(
  parts: EngineParts,
  ledger: Pick<ReadableLedger, 'settings' | 'builds'>,
  catalog: Catalog | null,
): Promise<readonly MadeModel[]> {
  const found = await Promise.all(rootsOf(parts, ledger).map((root) => scanMade(root, parts.signal)));
  return found.flat().map((made) => {
    const model = (catalog && findByRepository(catalog, made.from.repo)?.model.id) ?? null;
    return { ...made, model };
  });
}

/** Returns the built variant of a reference; null when none was built, or no variant was named. */
export async function findMade(
  { reference, revision, variant }: Wanted,
  parts: EngineParts,
  ledger: Pick<ReadableLedger, 'settings' | 'builds'>,
): Promise<FoundModel | null> {
  if (variant === undefined) return null;
  const source = await buildSource(reference, variant, revision, parts).catch((error) => {
    // A variant that cannot be built may be in the cache all the same.
    if (error instanceof AppError && error.code === 'BadRequest') return null;
    throw error;
  });
  if (source === null) return null;
  for (const root of rootsOf(parts, ledger)) {
    const made = await readMade(madeFolder(root, source.repo, variant)).catch(() => null);
    if (made) return made;
  }
  return null;
}

/** Checks a built model; reports one result per file and the progress. */
export async function verifyMadeModel(
  made: FoundModel,
  args: Pick<CommandArgs<'library.verify'>, 'quick' | 'againstSource'>,
  parts: EngineParts,
  ledger: Pick<ReadableLedger, 'downloads' | 'files'>,
): Promise<VerifyReport> {
  const { clock, events, cacheDir, signal } = parts;
  const startedMs = clock.monotonic();
  let reportedMs = startedMs;
  const onProgress = (path: string, hashedBytes: number, totalBytes: number) => {
    const now = clock.monotonic();
    if (now - reportedMs < 1000) return;
    reportedMs = now;
    const seconds = Math.floor((now - startedMs) / 1000);
    events.emit({ event: 'verifying', download: made.id, path, seconds, hashedBytes, totalBytes });
  };
  const context = {
    hasher: parts.hasher,
    clock,
    startWorkers: parts.startUnitThreads,
    defaultWorkers: UNIT_THREADS,
    hashOf: knownHash(cacheDir, ledger, await parts.catalog().catch(() => null)),
  };
  return verifyMade({ folder: made.path, cacheDir, onProgress, ...args }, context, signal);
}

/** Deletes a built model. Throws `NotFound` when there is no such variant, `BadRequest` while it is being built. */
export async function removeMade(
  args: Wanted,
  parts: EngineParts,
  ledger: Pick<ReadableLedger, 'settings' | 'builds'>,
  builds: Builds,
): Promise<RemoveReport> {
  const made = await findMade(args, parts, ledger);
  if (!made) {
    throw new AppError('NotFound', `${args.variant?.toUpperCase()} of ${args.reference} wasn’t made here.`, {
      details: { remedy: 'see-library' },
    });
  }
  builds.requireIdle({ folder: made.path });
  const freed = createFreedBytes();
  await removeTree(made.path, freed);
  builds.forgetReady(made.path);
  parts.events.emit({ event: 'listed', download: '' });
  return { repo: made.id, freedBytes: freed.total(), removedSnapshots: 1 };
}
