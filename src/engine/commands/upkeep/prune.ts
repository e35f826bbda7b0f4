import type { CommandArgs } from '../../../shared/contract/commands.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { Failure, PruneItem, PruneReport } from '../../../shared/model/upkeep.ts';
import { createFreedBytes } from '../../cache/freed-bytes.ts';
import { repositoryFolder } from '../../cache/layout.ts';
import { removeRepository } from '../../cache/remove.ts';
import { withTrash } from '../../cache/trash.ts';
import type { EngineParts, ReadableLedger } from '../../engine-parts.ts';
import { onDisk } from '../../errors/cache-error.ts';
import { classify } from '../../errors/classify.ts';
import type { Builds } from '../../jobs/quantize/builds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { partialNeeds } from '../../library/partial-needs.ts';
import { linksInto } from '../../library/upkeep/links.ts';
import { type PlannedItem, prunePlan } from '../../library/upkeep/prune-plan.ts';
import type { DownloadQueue } from '../../queue/queue.ts';
import { forgetPartial } from '../remove-partial.ts';

/** Returns what nothing needs. Changes nothing. */
export async function planPrune(parts: EngineParts, ledger: ReadableLedger): Promise<readonly PlannedItem[]> {
  const { cacheDir, clock, signal, knownCacheDirs, toolFolders } = parts;
  const rows = ledger.downloads.list().filter((row) => row.cacheDir === cacheDir);
  const { models } = await parts.catalog().catch(() => ({ models: [] }));
  const pins = new Set([
    ...rows.map(({ repo, revision }) => `${repo} ${revision}`),
    ...models.flatMap(({ variants }) => variants.map(({ repo, revision }) => `${repo} ${revision}`)),
  ]);
  const busy = new Set([
    ...rows.filter(({ state, commit }) => !isOver(state, commit)).map(({ repo }) => repo),
    ...ledger.builds.list().flatMap(({ state, repo }) => (state === 'ready' ? [] : [repo])),
  ]);
  return prunePlan({
    cacheDir,
    links: await linksInto(knownCacheDirs, toolFolders),
    isPinned: (repo, commit) => pins.has(`${repo} ${commit}`),
    isBusy: (repo) => busy.has(repo),
    needs: partialNeeds(cacheDir, ledger),
    nowMs: clock.now(),
    signal,
  });
}

/** By the same rule as `requireIdle` of the queue. */
function isOver(state: string, commit: string | null): boolean {
  return state === 'ready' || (state === 'failed' && commit === null);
}

/** Returns what pruning would free. */
export async function pruneDry(
  { paths }: CommandArgs<'library.prune'>,
  parts: EngineParts,
  ledger: ReadableLedger,
): Promise<PruneReport> {
  const items = chosen(await planPrune(parts, ledger), paths);
  return {
    items: items.map(plain),
    freedBytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
    failed: [],
  };
}

/** Removes what nothing needs, one after the other; what cannot be removed is reported and does not keep the rest. */
export async function prune(
  args: CommandArgs<'library.prune'>,
  parts: EngineParts,
  ledger: Ledger,
  { downloads, builds }: { readonly downloads: DownloadQueue; readonly builds: Builds },
): Promise<PruneReport> {
  if (args.dryRun) return pruneDry(args, parts, ledger);
  const removed: PruneItem[] = [];
  const failed: Failure[] = [];
  let freedBytes = 0;
  for (const item of chosen(await planPrune(parts, ledger), args.paths)) {
    parts.signal.throwIfAborted();
    const folder = repositoryFolder(parts.cacheDir, item.repo);
    const release = await parts.leases.acquire(folder, 'exclusive', parts.signal);
    try {
      if (item.kind !== 'unfinished') {
        downloads.requireIdle(item.repo); // One may have been added in the meantime.
        builds.requireIdle({ repo: item.repo });
      }
      const bytes = await removeItem(item, parts, ledger);
      if (item.commit !== null) await downloads.forgetReady(item.repo, item.commit);
      removed.push({ ...plain(item), bytes });
      freedBytes += bytes;
    } catch (cause) {
      const error = cause instanceof AppError ? cause : classify(cause, { disk: item.path });
      failed.push({ of: item.path, error: error.toData() });
    } finally {
      release();
    }
  }
  return { items: removed, freedBytes, failed };
}

async function removeItem(
  item: PlannedItem,
  { cacheDir }: Pick<EngineParts, 'cacheDir'>,
  ledger: Ledger,
): Promise<number> {
  const { kind, repo, commit, path, keep } = item;
  if (kind === 'revision' && commit !== null) {
    return (await removeRepository({ cacheDir, repo, commit, keep })).freedBytes;
  }
  if (kind === 'unfinished' && partialNeeds(cacheDir, ledger)({ repo, path }) !== null) {
    throw new AppError('BadRequest', `A download of ${repo} needs this unfinished file by now.`);
  }
  const freed = createFreedBytes();
  await onDisk('removing', path, () => withTrash(cacheDir, (trash) => trash.remove(path, freed)));
  if (kind === 'unfinished') await forgetPartial({ repo, path }, cacheDir, ledger);
  return freed.total();
}

function chosen(items: readonly PlannedItem[], paths: readonly string[] | undefined): readonly PlannedItem[] {
  if (paths === undefined) return items;
  const wanted = new Set(paths);
  return items.filter(({ path }) => wanted.has(path));
}

function plain({ keep: _keep, ...item }: PlannedItem): PruneItem {
  return item;
}
