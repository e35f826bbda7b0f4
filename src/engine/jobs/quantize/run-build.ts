import { stat } from 'node:fs/promises';
import { AppError } from '../../../shared/contract/errors.ts';
import { repositoryFolder } from '../../cache/layout.ts';
import { onDisk } from '../../errors/cache-error.ts';
import { type Build, nothingToSave } from './build.ts';
import type { BuildContext } from './context.ts';
import { installBuild } from './install/install-build.ts';
import { makeGrowingFolder } from './install/made-folder.ts';
import { openTargets, type Targets } from './install/open-targets.ts';
import { type MakeDeps, makeUnits } from './make/make-units.ts';
import { UnitJournal } from './make/unit-journal.ts';
import { verifyUnits } from './make/verify-units.ts';
import { type PlannedBuild, planFromDisk } from './planned-build.ts';
import { roomOf } from './room.ts';
import type { UnitWorkers } from './threads/unit-workers.ts';

/**
 * Runs a build once, from its plan to its destination: continues where the ledger left off. Throws what prevented it;
 * then nothing is under the final name, and the output is kept unless the source was wrong.
 */
export async function runBuild(build: Build, context: BuildContext, signal: AbortSignal): Promise<void> {
  const { cacheDir, repo } = build.row;
  const release = await context.leases.acquire(repositoryFolder(cacheDir, repo), 'shared', signal);
  try {
    await runHolding(build, context, signal);
  } finally {
    release();
  }
}

async function runHolding(build: Build, context: BuildContext, signal: AbortSignal): Promise<void> {
  const startedMs = context.clock.monotonic();
  build.enter('planning');
  const planned = await planFromDisk(build.row, context);
  const growing = await makeGrowingFolder(build.row, build.row.plan !== null);
  const before = await fingerprint(planned);
  const giveBack = await claimRoom(build, planned, context);
  const kept = await keptUnits(build, planned, growing, context);
  let targets: Targets | null = null;
  let workers: UnitWorkers | null = null;
  let journal: UnitJournal | null = null;
  try {
    targets = await openTargets(growing, planned.plan);
    workers = await context.startWorkers(build.row.options.workers ?? context.defaultWorkers);
    journal = openJournal(build, planned, targets, context);
    build.save = () => journal?.flush() ?? nothingToSave();
    const deps: MakeDeps = {
      plan: planned.plan,
      sources: planned.source.weights,
      targets: targets.paths,
      writeHeads: targets.writeHeads,
      done: kept,
      workers,
      hasher: context.hasher,
      journal,
      counters: build.counters,
    };
    const isWhole = kept.size === 0;
    build.enter('making');
    await makeUnits(deps, signal);
    build.enter('verifying');
    const verification = await verifyUnits(deps, signal);
    await requireSame(planned, before);
    build.enter('installing');
    await installBuild({ build, planned, growing, verification, startedMs, isWhole }, context, signal);
  } finally {
    build.save = nothingToSave;
    journal?.stop();
    await workers?.close();
    await targets?.close();
    giveBack();
  }
}

/** Units that need not be produced again. They are worthless when the plan is another one or their file is gone. */
async function keptUnits(
  build: Build,
  { plan, stored }: PlannedBuild,
  growing: string,
  context: BuildContext,
): Promise<Map<number, string>> {
  if (build.setPlan(stored)) context.log('info', `The plan of ${build.id} has changed; it starts over.`);
  build.startCounting();
  for (const { target, plan: file } of plan.files) {
    const there = await stat(`${growing}/${target}`).catch(() => null);
    if (there?.size !== file.layout.fileBytes) {
      build.startOver();
      return new Map();
    }
  }
  const kept = context.ledger.builds.units(build.id);
  const { counters } = build;
  for (const { index, sourceBytes, targetBytes } of plan.units) {
    if (!kept.has(index)) continue;
    counters.unitsDone += 1;
    counters.sourceBytesDone += sourceBytes;
    counters.writtenBytes += targetBytes;
    counters.durableBytes += targetBytes;
  }
  return kept;
}

function openJournal(
  build: Build,
  { plan }: PlannedBuild,
  targets: Targets,
  { ledger }: BuildContext,
): UnitJournal {
  return new UnitJournal({
    syncTargets: () => targets.sync(),
    commit: async (units) => {
      ledger.transaction(() => ledger.builds.addUnits(build.id, units));
      await ledger.sync();
    },
    onDurable: (units) => {
      for (const index of units) build.counters.durableBytes += plan.units[index]?.targetBytes ?? 0;
    },
  });
}

/** Claims what is still to be written; the claim shrinks as the files grow. */
async function claimRoom(
  build: Build,
  planned: PlannedBuild,
  { diskBudget }: BuildContext,
): Promise<() => void> {
  const { folder, totalBytes, presentBytes } = await roomOf(build.row, planned);
  const remaining = () => totalBytes - Math.max(presentBytes, build.counters.writtenBytes);
  return diskBudget.claim(build.id, folder, remaining);
}

/** Returns what identifies a file as still the one that was read. */
async function fingerprint({ source }: PlannedBuild): Promise<string> {
  const facts = await Promise.all(
    source.weights.map(({ realPath }) =>
      onDisk('reading', realPath, async () => {
        const { dev, ino, size, mtimeMs } = await stat(realPath);
        return [dev, ino, size, mtimeMs];
      }),
    ),
  );
  return JSON.stringify(facts);
}

async function requireSame(planned: PlannedBuild, before: string): Promise<void> {
  if ((await fingerprint(planned)) === before) return;
  throw new AppError(
    'ChangedUpstream',
    'The source was replaced while it was read. Nothing was installed. Start it again.',
    { details: { source: true } },
  );
}
