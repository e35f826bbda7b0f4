import type { CallScope, CommandHandlers, EngineParts } from '../engine-parts.ts';
import type { Builds } from '../jobs/quantize/builds.ts';
import type { DownloadRow } from '../ledger/downloads.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { DownloadQueue } from '../queue/queue.ts';
import { setMake } from '../queue/set-make.ts';
import type { Sharing } from '../sharing/sharing.ts';
import type { RateLimiter } from '../transfer/rate-limiter.ts';
import { buildWish, requireMakeable } from './build-target.ts';
import { diagnoseHub } from './diagnose-hub.ts';
import { diagnose } from './doctor.ts';
import { removeModel, repairModel, verifyModel } from './library.ts';
import { inLocalFolder } from './local-wish.ts';
import { findMade, removeMade, verifyMadeModel } from './made-here.ts';
import { commonHandlers, ledgerState, notShared } from './read-handlers.ts';
import { removePartial } from './remove-partial.ts';
import { resolveTarget } from './target.ts';
import { prune } from './upkeep/prune.ts';
import { relocate } from './upkeep/relocate.ts';
import { removeSeveral } from './upkeep/remove-several.ts';
import { update } from './upkeep/update.ts';

/** The work of an engine. */
export interface Jobs {
  readonly downloads: DownloadQueue;
  readonly builds: Builds;
  /** Starts the build requested for a download that is now ready. */
  readonly makeAfter: (download: DownloadRow) => void;
  /** Null in a program that does not stay. */
  readonly sharing: Sharing | null;
}

/** Returns all commands of the engine that owns the ledger. */
export function ownerHandlers(
  parts: EngineParts & CallScope,
  { downloads, builds, makeAfter, sharing }: Jobs,
  ledger: Ledger,
  limiter: RateLimiter,
): CommandHandlers {
  const remove: CommandHandlers['library.remove'] = async (args) =>
    (await findMade(args, parts, ledger))
      ? removeMade(args, parts, ledger, builds)
      : removeModel(args, parts, ledger, { downloads, builds });
  return {
    ...commonHandlers(parts, ledger),
    snapshot: async () => ({
      runId: parts.runId,
      seq: parts.events.seq(),
      downloads: downloads.list(),
      builds: builds.list(),
      settings: ledger.settings.get(),
    }),
    'downloads.add': async (args) => {
      const { target, wish } = await resolveTarget(await inLocalFolder(args), parts);
      return { id: downloads.add(target, wish, parts.run) };
    },
    'build.start': async (args) => ({
      id: await builds.start(await buildWish(args, parts, parts.buildRoot(ledger.settings.get()))),
    }),
    'build.pause': ({ id }) => builds.pause(id),
    'build.resume': async ({ id }) => builds.resume(id),
    'build.cancel': ({ id }) => builds.cancel(id),
    'build.remove': (args) => removeMade(args, parts, ledger, builds),
    'downloads.pause': ({ id }) => downloads.pause(id),
    'downloads.resume': async ({ id, acceptChanged }) =>
      downloads.resume(id, acceptChanged ?? false, parts.run),
    'downloads.startNow': async ({ id }) => downloads.startNow(id, parts.run),
    'downloads.cancel': ({ id, keepPartial }) => downloads.cancel(id, keepPartial),
    'downloads.move': async ({ id, position }) => downloads.move(id, position),
    'downloads.inspect': async ({ id }) => downloads.inspect(id),
    'downloads.adopt': ({ id, partial, file }) => downloads.adopt(id, partial, file),
    'downloads.make': async ({ id, make }) => {
      const download = downloads.get(id);
      if (make !== null) await requireMakeable(download.row, make, parts);
      setMake(download, make, ledger);
      parts.events.emit({ event: 'listed', download: '' });
      if (download.state === 'ready') makeAfter(download.row);
    },
    'downloads.pauseAll': async () => void (await Promise.all([downloads.pauseAll(), builds.pauseAll()])),
    'downloads.resumeAll': async () => {
      downloads.resumeAll();
      builds.resumeAll();
    },
    'downloads.suspend': async () => void (await Promise.all([downloads.suspend(), builds.suspend()])),
    'downloads.retryNow': async ({ id }) => {
      downloads.retryNow(id);
      if (id === undefined) builds.retryNow();
    },
    'settings.set': async (changes) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      ledger.transaction(() => ledger.settings.set(Object.fromEntries(given)));
      if (changes.limitBytesPerSecond !== undefined) {
        limiter.setRate(changes.limitBytesPerSecond);
        downloads.limitChanged();
      }
      if (changes.atOnce !== undefined) downloads.fill();
      if (changes.schedule !== undefined) downloads.scheduleChanged();
      if (changes.sharing !== undefined) await sharing?.set(changes.sharing);
      parts.events.emit({ event: 'listed', download: '' });
      return ledger.settings.get();
    },
    'sharing.status': () => sharing?.status() ?? notShared(),
    'library.verify': async (args) => {
      const made = await findMade(args, parts, ledger);
      if (made) return verifyMadeModel(made, args, parts, ledger);
      return args.repair
        ? repairModel(args, parts, ledger, downloads)
        : verifyModel(args, parts, ledger, ledger.checks);
    },
    'library.removePartial': ({ path }) => removePartial(path, parts, ledger),
    'library.remove': remove,
    'library.removeSeveral': (args) => removeSeveral(args, remove, parts.signal),
    'library.prune': (args) => prune(args, parts, ledger, { downloads, builds }),
    'library.relocate': (args) => relocate(args, parts, ledger, { downloads, builds }),
    'library.update': (args) => update(args, parts, ledger, downloads),
    doctor: () => diagnose(parts, () => ledgerState(null, ledger)),
    'doctor.hub': (args) => diagnoseHub(args, parts),
  };
}
