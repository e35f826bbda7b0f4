import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '../../../errors/cache-error.ts';
import type { BuildContext } from '../context.ts';
import { runPool } from '../make/run-pool.ts';
import { type PlannedBuild, planFromDisk } from '../planned-build.ts';
import { madeFiles, type Provenance } from './provenance.ts';
import { writtenFile } from './publish.ts';

/** Locations of a built model and of the cache with its source. */
export interface SourcePlaces {
  readonly folder: string;
  readonly cacheDir: string;
}

type RecomputeContext = Pick<BuildContext, 'startWorkers' | 'defaultWorkers' | 'hashOf'>;

/**
 * Rebuilds everything in memory with the second kernel and compares it with what is on disk: headers, units, and the
 * small files. Returns the paths of those that differ from what their source yields. Throws `NotFound` when the source
 * is not on this computer.
 */
export async function filesNotFromSource(
  provenance: Provenance,
  { folder, cacheDir }: SourcePlaces,
  context: RecomputeContext,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { source, variant, recipe } = provenance;
  const { repo, commit } = source;
  const target = { cacheDir, repo, commit, variant, options: { rule: recipe.rule } };
  const planned = await planFromDisk(target, context);
  return new Set([
    ...otherSmallFiles(provenance, planned),
    ...(await otherHeaders(folder, planned)),
    ...(await otherUnits(folder, planned, context, signal)),
  ]);
}

/** `config.json` and the like, and files that were copied unchanged. */
function otherSmallFiles(provenance: Provenance, { plan, source }: PlannedBuild): string[] {
  const listed = new Map(madeFiles(provenance).map(({ path, sha256 }) => [path, sha256]));
  const written = [...plan.writes].map(([path, text]) => writtenFile(path, text));
  const companions = source.companions.filter(
    ({ path, sha256 }) => sha256 !== null && !plan.writes.has(path),
  );
  return [...written, ...companions]
    .filter(({ path, sha256 }) => listed.has(path) && listed.get(path) !== sha256)
    .map(({ path }) => path);
}

async function otherHeaders(folder: string, { plan }: PlannedBuild): Promise<string[]> {
  const other: string[] = [];
  for (const { target, plan: file } of plan.files) {
    const { head } = file.layout;
    const found = await startOf(join(folder, target), head.length);
    if (Buffer.compare(found, head) !== 0) other.push(target);
  }
  return other;
}

function startOf(path: string, length: number): Promise<Uint8Array> {
  return onDisk('reading', path, async () => {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

async function otherUnits(
  folder: string,
  { plan, source }: PlannedBuild,
  context: RecomputeContext,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const workers = await context.startWorkers(context.defaultWorkers);
  const other = new Set<string>();
  try {
    await runPool(
      plan.units,
      workers.size * 2,
      async (unit) => {
        const from = source.weights[unit.file]?.realPath ?? '';
        const target = plan.files[unit.file]?.target ?? '';
        const files = { source: from, target: join(folder, target) };
        const again = await workers.run({ op: 'recompute', unit, rule: plan.rule, ...files });
        if (!again.isSame || !again.isWithinBound) other.add(target);
      },
      signal,
    );
  } finally {
    await workers.close();
  }
  return other;
}
