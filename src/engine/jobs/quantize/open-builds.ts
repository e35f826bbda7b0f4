import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Catalog, CatalogModel, Precision } from '../../../shared/model/catalog.ts';
import type { Log } from '../../contents/context.ts';
import type { DiskBudget } from '../../disk/disk-budget.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Builds } from './builds.ts';
import type { BuildContext, CatalogEntry } from './context.ts';
import { knownHash } from './known-hash.ts';
import { startUnitWorkers } from './threads/unit-workers.ts';

/**
 * Threads that produce units. In addition one hashes the source, and everything else wants a core too; more than four
 * only wait for the disk.
 */
export const UNIT_THREADS = Math.max(2, Math.min(4, availableParallelism() - 2));

/** What the engine passes to its builds. */
export interface BuildParts
  extends Pick<BuildContext, 'hasher' | 'leases' | 'clock' | 'log' | 'waitsForDisk'> {
  readonly version: string;
  readonly cacheDir: string;
  readonly catalog: () => Promise<Catalog>;
  readonly events: { readonly emit: BuildContext['emit'] };
  readonly startUnitThreads: BuildContext['startWorkers'];
}

/** Builds the queue of builds for an engine that owns its ledger. */
export async function openBuilds(parts: BuildParts, ledger: Ledger, diskBudget: DiskBudget): Promise<Builds> {
  const catalog = await parts.catalog().catch(() => null);
  const { hasher, leases, clock, events, log, version, cacheDir, startUnitThreads, waitsForDisk } = parts;
  return new Builds({
    ledger,
    hasher,
    leases,
    diskBudget,
    clock,
    emit: events.emit,
    log,
    waitsForDisk,
    tool: `haulyard ${version}`,
    startWorkers: startUnitThreads,
    defaultWorkers: UNIT_THREADS,
    hashOf: knownHash(cacheDir, ledger, catalog),
    catalogEntry: (repo, variant) => entryOf(catalog, repo, variant),
  });
}

/** Starts threads from the built module; the fast kernel is next to it. */
export function unitThreads(workerUrl: URL, log: Log): BuildContext['startWorkers'] {
  return async (size) => {
    const kernel = await readFile(new URL('quantize-kernel.wasm', workerUrl)).catch(() => null);
    if (kernel === null) log('debug', 'The fast kernel is not there; the plain one makes the same bytes.');
    return startUnitWorkers(workerUrl, { kernelModule: kernel && new Uint8Array(kernel) }, size);
  };
}

function entryOf(catalog: Catalog | null, repo: string, variant: Precision): CatalogEntry | null {
  const isSource = ({ variants }: CatalogModel) => variants.some((each) => each.repo === repo);
  const model = catalog?.models.find(isSource);
  if (!model) return null;
  const wanted = model.variants.find(({ id }) => id === variant);
  const { name, license } = model;
  return { name, license, outputSha256: (rule) => wanted?.makeable?.outputSha256?.[rule] ?? null };
}
