import { AppError } from '../../../shared/contract/errors.ts';
import type { Precision } from '../../../shared/model/catalog.ts';
import type { BuildOptions, StoredPlan } from '../../ledger/builds.ts';
import type { BuildContext } from './context.ts';
import { type BuildPlan, planBuild } from './plan/plan-build.ts';
import { readSource, type Source } from './source/read-source.ts';

/** A plan for what is on disk now. */
export interface PlannedBuild {
  readonly source: Source;
  readonly plan: BuildPlan;
  readonly stored: StoredPlan;
}

/** The variant and the model. */
export interface BuildTarget {
  readonly cacheDir: string;
  readonly repo: string;
  /** Commit, branch or tag. */
  readonly commit: string;
  readonly variant: Precision;
  readonly options: Pick<BuildOptions, 'rule'>;
}

/**
 * Reads the headers of a source and plans. Throws `NotFound` when the source is not on this computer, `BadRequest` when
 * the variant cannot be built here or the source's hash is unknown.
 */
export async function planFromDisk(
  { cacheDir, repo, commit, variant, options }: BuildTarget,
  { hashOf }: Pick<BuildContext, 'hashOf'>,
): Promise<PlannedBuild> {
  const source = await readSource({
    cacheDir,
    repo,
    revision: commit,
    hashOf: (pinned, path) => hashOf(repo, pinned, path),
  });
  const plan = planBuild(source.model, source.layout, variant, options.rule);
  const [first] = plan.files;
  const sources = source.weights.map(({ path, sha256, size }) => {
    if (sha256 === null) throw unknownHash(repo, path);
    return { path, sha256, size };
  });
  return {
    source,
    plan,
    stored: {
      hash: plan.hash,
      file: first?.target ?? '',
      sourcePath: first?.source ?? '',
      sourceBytes: plan.sourceBytes,
      outputBytes: plan.outputBytes,
      units: plan.units.length,
      sources,
    },
  };
}

function unknownHash(repo: string, path: string): AppError {
  return new AppError(
    'BadRequest',
    `The checksum of ${path} of ${repo} isn’t known on this computer, so nothing made from it could be trusted.`,
    { details: { remedy: 'download-first', repo } },
  );
}
