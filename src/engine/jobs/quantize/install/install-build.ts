import { AppError } from '../../../../shared/contract/errors.ts';
import { madeSnippet } from '../../../../shared/format/made-snippet.ts';
import type { Build } from '../build.ts';
import type { BuildContext } from '../context.ts';
import type { Verification } from '../make/verify-units.ts';
import { RECIPE_VERSION } from '../plan/recipe.ts';
import type { PlannedBuild } from '../planned-build.ts';
import { placeCompanions } from './place-companions.ts';
import { madeFiles, PROVENANCE_FILE, type Provenance, provenanceSchema } from './provenance.ts';
import { publish, type WrittenFile, writeSmall } from './publish.ts';
import { readmeText } from './readme.ts';

/** A build whose files are complete and verified. */
export interface FinishedBuild {
  readonly build: Build;
  readonly planned: PlannedBuild;
  readonly growing: string;
  readonly verification: Verification;
  /** Monotonic milliseconds at which this run began. */
  readonly startedMs: number;
  /** This run made all of it. */
  readonly isWhole: boolean;
}

/** Compares with the catalog, adds the files that belong next to the weights, and gives the folder its final name. */
export async function installBuild(
  { build, planned, growing, verification, startedMs, isWhole }: FinishedBuild,
  context: BuildContext,
  signal: AbortSignal,
): Promise<void> {
  const { repo, variant, options } = build.row;
  const entry = context.catalogEntry(repo, variant);
  const pin = entry?.outputSha256(options.rule) ?? null;
  if (pin !== null && pin !== verification.hashes[0]) throw notThePinned(pin, verification.hashes[0] ?? '');
  const from = `${repo}@${planned.source.commit}`;
  const { companions: listed } = planned.source;
  const replaced = planned.plan.writes;
  const kept = listed.filter(({ path }) => !replaced.has(path));
  const companions = await placeCompanions(growing, kept, from, context.hasher, signal);
  const written: WrittenFile[] = [];
  for (const [path, text] of replaced) written.push(await writeSmall(growing, path, text));
  const license = entry?.license ?? null;
  const provenance = provenanceOf(build, planned, verification, { companions, written, license }, context);
  const { recipe } = provenance;
  const files = madeFiles(provenance).map(({ path }) => path);
  const load = madeSnippet({ path: build.folder, files, bits: recipe.bits });
  const name = `${entry?.name ?? repo} ${variant.toUpperCase()}`;
  await writeSmall(growing, 'README.md', readmeText(name, provenance, load));
  await writeSmall(growing, PROVENANCE_FILE, `${JSON.stringify(provenance, null, 2)}\n`);
  signal.throwIfAborted();
  await publish(growing, build.folder);
  build.setOutputs(provenance.outputs ?? [provenance.output]);
  build.enter('ready');
  const seconds = (context.clock.monotonic() - startedMs) / 1000;
  if (isWhole) keepSpeed(planned, seconds, context);
  build.tellDone(pin === null ? null : true, {
    seconds,
    readBytes: build.counters.readBytes,
    writtenBytes: build.counters.writtenBytes,
    recomputedUnits: verification.recomputedUnits,
    worstErrorInSteps: verification.worstErrorInSteps,
  });
}

/** The next one is announced with this speed. */
function keepSpeed({ plan }: PlannedBuild, seconds: number, { ledger }: BuildContext): void {
  if (seconds <= 0) return;
  ledger.transaction(() => ledger.measured.setBuildSpeed(plan.recipe.id, plan.sourceBytes / seconds));
}

function provenanceOf(
  build: Build,
  { source, plan, stored }: PlannedBuild,
  verification: Verification,
  rest: Pick<Provenance, 'companions' | 'written' | 'license'>,
  { clock, tool }: BuildContext,
): Provenance {
  const { recipe, rule } = plan;
  const outputs = plan.files.map(({ target, plan: file }, index) => ({
    path: target,
    size: file.layout.fileBytes,
    sha256: verification.hashes[index] ?? '',
    tensors: file.layout.tensors.size,
  }));
  const [output] = outputs;
  const [first] = stored.sources;
  const several = outputs.length > 1;
  return provenanceSchema.parse({
    format: 1,
    tool,
    madeAt: new Date(clock.now()).toISOString(),
    variant: build.row.variant,
    source: { repo: source.repo, commit: source.commit, ...first },
    ...(several ? { sources: stored.sources } : {}),
    recipe: {
      id: recipe.id,
      version: RECIPE_VERSION,
      rule,
      bits: recipe.kind === 'affine' ? recipe.bits : null,
      groupSize: recipe.kind === 'affine' ? recipe.groupSize : null,
      arithmetic: 'float32',
    },
    output,
    ...(several ? { outputs } : {}),
    check: {
      units: plan.units.length,
      recomputed: verification.recomputedUnits,
      worstErrorInSteps: verification.worstErrorInSteps,
    },
    ...rest,
  });
}

function notThePinned(expected: string, found: string): AppError {
  return new AppError(
    'HashMismatch',
    'The result doesn’t match the checksum in the catalog, although every other check passed. It wasn’t installed. ' +
      'This is a bug in Haulyard or its catalog. Please report it with the diagnostics.',
    { details: { expected, found, pinned: true } },
  );
}
