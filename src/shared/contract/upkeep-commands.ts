import { z } from 'zod';
import { PRECISIONS } from '../model/catalog.ts';
import type {
  DiskUsage,
  PruneReport,
  RelocateReport,
  RemoveSeveralReport,
  UpdateReport,
} from '../model/upkeep.ts';
import { engineCommand } from './command.ts';

const reference = z.string().min(1).max(2000);
const revision = z.string().min(1).max(300).optional();
const MAX_ITEMS = 10_000;

/** Commands that keep the library small and up to date. */
export const upkeepCommands = {
  /** Returns what uses the disk, by repository. Contacts no server. */
  'library.diskUsage': engineCommand<DiskUsage>()(z.object({})),
  /**
   * Removes what nothing needs; with `dryRun` only reports what that would be. `paths` limits it to items of an earlier
   * result; anything needed by now stays. Never removed: what a link of any program points to, and what an unfinished
   * download needs.
   */
  'library.prune': engineCommand<PruneReport>()(
    z.object({
      dryRun: z.boolean().default(false),
      paths: z.array(z.string().min(1).max(8000)).max(MAX_ITEMS).optional(),
    }),
  ),
  /**
   * Asks the Hub, once per repository, whether its branch has a newer commit than the one installed. Checks all of them
   * without `references`. Fails only when the Hub cannot be reached at all.
   */
  'library.outdated': engineCommand<UpdateReport>()(
    z.object({ references: z.array(reference).max(MAX_ITEMS).optional() }),
  ),
  /** Downloads the differences to the newest commits. The old revisions stay. Returns the ids of the downloads. */
  'library.update': engineCommand<{ readonly ids: readonly string[] }>()(
    z.object({
      references: z.array(reference).min(1).max(MAX_ITEMS),
      acceptChanged: z.boolean().default(false),
    }),
  ),
  /**
   * Moves a model into another cache folder, as on another volume: copies it, reads every byte of the copy back, and only then removes the
   * original. A link stays where it was, so that every program finds it there. What was broken off continues when it is asked for again.
   * Tells how far it is by `verifying` events.
   */
  'library.relocate': engineCommand<RelocateReport>()(
    z.object({ reference, to: z.string().min(1).max(4000) }),
  ),
  /** Does the same as `library.remove`, one after the other; one failure does not keep the others. */
  'library.removeSeveral': engineCommand<RemoveSeveralReport>()(
    z.object({
      items: z
        .array(z.object({ reference, revision, variant: z.enum(PRECISIONS).optional() }))
        .min(1)
        .max(MAX_ITEMS),
    }),
  ),
} as const;
