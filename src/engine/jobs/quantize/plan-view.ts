import type { BuildPlanView } from '../../../shared/model/build.ts';
import { roomAt } from '../../disk/disk-guard.ts';
import type { BuildWish } from './build-wish.ts';
import type { BuildContext } from './context.ts';
import { madeFolder, occupantOf } from './install/made-folder.ts';
import { type PlannedBuild, planFromDisk } from './planned-build.ts';
import { roomOf } from './room.ts';

type LookContext = Pick<BuildContext, 'hashOf'> & {
  readonly ledger: Pick<BuildContext['ledger'], 'measured'>;
};

/** A plan with what is on disk of its source and of its place. Throws as {@link planFromDisk} and {@link occupantOf} do. */
export async function lookAt(
  wish: BuildWish,
  context: LookContext,
): Promise<{ readonly planned: PlannedBuild; readonly view: BuildPlanView }> {
  const { cacheDir, repo, revision, variant, rule, root, model } = wish;
  const planned = await planFromDisk(
    { cacheDir, repo, commit: revision, variant, options: { rule } },
    context,
  );
  const path = madeFolder(root, repo, variant);
  const exists = (await occupantOf(path)) === 'made-here';
  const { folder, totalBytes, presentBytes } = await roomOf(wish, planned);
  const room = await roomAt(folder);
  const { plan, stored, source } = planned;
  const speed = context.ledger.measured.buildSpeed(plan.recipe.id);
  const view = {
    source: { repo, commit: source.commit, path: stored.sourcePath },
    model,
    variant,
    recipe: plan.recipe.id,
    rule,
    units: plan.units.length,
    sourceBytes: plan.sourceBytes,
    outputBytes: plan.outputBytes,
    neededBytes: totalBytes - presentBytes,
    freeBytes: room?.freeBytes ?? null,
    reserveBytes: room?.reserveBytes ?? 0,
    estimatedSeconds: speed === null ? null : plan.sourceBytes / speed,
    path,
    file: stored.file,
    exists,
  };
  return { planned, view };
}

/** What a build would do, for who only wants to know. */
export const planView = async (wish: BuildWish, context: LookContext): Promise<BuildPlanView> =>
  (await lookAt(wish, context)).view;
