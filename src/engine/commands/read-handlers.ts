import type { Snapshot } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { DownloadInspection } from '../../shared/model/inspection.ts';
import type { SharingStatus } from '../../shared/model/sharing.ts';
import { snapshotFolder } from '../cache/layout.ts';
import type { CommandHandlers, EngineParts, ReadableLedger } from '../engine-parts.ts';
import { hardwareReport } from '../hardware/fit-model.ts';
import { parseAssumption } from '../hardware/parse-assumption.ts';
import { knownHash } from '../jobs/quantize/known-hash.ts';
import { planView } from '../jobs/quantize/plan-view.ts';
import { storedView } from '../jobs/quantize/stored-view.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { busy, type LedgerOwner } from '../ledger/lock.ts';
import { catalogPresence } from '../library/presence.ts';
import { inspect } from '../queue/inspect.ts';
import { loadDownload } from '../queue/load-download.ts';
import { buildWish } from './build-target.ts';
import { diagnoseHub } from './diagnose-hub.ts';
import { diagnose } from './doctor.ts';
import { verifyModel } from './library.ts';
import { listFiles } from './list-files.ts';
import { listLibrary } from './list-library.ts';
import { findMade, listMade, verifyMadeModel } from './made-here.ts';
import { planDownload } from './plan.ts';
import { accessOf, modelCard } from './search/card.ts';
import { chooseFiles } from './search/choose-files.ts';
import { search } from './search/search.ts';
import { installedTargets } from './target.ts';
import { diskUsage } from './upkeep/disk-usage.ts';
import { outdated } from './upkeep/outdated.ts';
import { pruneDry } from './upkeep/prune.ts';

/** Commands that change nothing, for owners and readers alike. */
export function commonHandlers(parts: EngineParts, ledger: ReadableLedger) {
  return {
    'downloads.plan': (args) => planDownload(args, parts, ledger),
    'settings.get': async () => ledger.settings.get(),
    'models.search': (args) => search(args, parts, ledger),
    'models.card': (args) => modelCard(args, parts),
    'models.files': (args) => chooseFiles(args, parts),
    'models.access': (args) => accessOf(args, parts),
    'catalog.get': () => parts.catalog(),
    'catalog.presence': () => catalogPresence(parts, ledger, (catalog) => listMade(parts, ledger, catalog)),
    'endpoint.test': ({ endpoint }) => parts.testEndpoint(endpoint),
    'hardware.get': async ({ assume }) => {
      const hardware = assume === undefined ? await parts.hardware() : parseAssumption(assume);
      return hardwareReport(await parts.catalog(), hardware);
    },
    'library.list': () => listLibrary(parts, ledger),
    'library.files': (args) => listFiles(args, parts),
    'library.diskUsage': () => diskUsage(parts, ledger),
    'library.outdated': ({ references }) => outdated(references, parts, ledger),
    'library.path': async (args) => {
      const made = await findMade(args, parts, ledger);
      return { path: made?.path ?? (await installedTargets(args, parts))[0].path };
    },
    'build.plan': async (args) =>
      planView(await buildWish(args, parts, parts.buildRoot(ledger.settings.get())), {
        hashOf: knownHash(parts.cacheDir, ledger, await parts.catalog().catch(() => null)),
        ledger,
      }),
    'token.check': async ({ token }) => ({ account: await parts.hub.accountName(token, parts.signal) }),
    'token.set': async ({ token, source }) => {
      Object.assign(parts.token, { value: token, source: source ?? null });
    },
  } satisfies Partial<CommandHandlers>;
}

/** Returns all commands of an engine that does not own the ledger: those that would change something fail. */
export function readerHandlers(parts: EngineParts, ledger: LedgerReader): CommandHandlers {
  const refuse = async (): Promise<never> => {
    const owner = ledger.owner();
    throw owner ? busy(owner) : new AppError('BadRequest', 'This engine was opened for reading only.');
  };
  return {
    ...commonHandlers(parts, ledger),
    snapshot: async () => readSnapshot(parts, ledger),
    'library.verify': async (args) => {
      const made = await findMade(args, parts, ledger);
      if (made) return verifyMadeModel(made, args, parts, ledger);
      return args.repair ? refuse() : verifyModel(args, parts, ledger);
    },
    'build.start': refuse,
    'build.pause': refuse,
    'build.resume': refuse,
    'build.cancel': refuse,
    'build.remove': refuse,
    doctor: () => diagnose(parts, () => ledgerState(ledger.owner(), ledger)),
    'doctor.hub': (args) => diagnoseHub(args, parts),
    'downloads.inspect': async ({ id }) => inspectStored(id, ledger),
    'downloads.add': refuse,
    'downloads.adopt': refuse,
    'downloads.make': refuse,
    'downloads.pause': refuse,
    'downloads.resume': refuse,
    'downloads.startNow': refuse,
    'downloads.cancel': refuse,
    'downloads.move': refuse,
    'downloads.pauseAll': refuse,
    'downloads.resumeAll': refuse,
    'downloads.retryNow': refuse,
    'downloads.suspend': refuse,
    'settings.set': refuse,
    'sharing.status': notShared,
    'library.remove': refuse,
    'library.removePartial': refuse,
    'library.removeSeveral': refuse,
    'library.update': refuse,
    'library.relocate': refuse,
    'library.prune': (args) => (args.dryRun ? pruneDry(args, parts, ledger) : refuse()),
  };
}

/** Status of a program that shares nothing. */
export const notShared = async (): Promise<SharingStatus> => ({
  state: 'off',
  port: null,
  urls: [],
  models: 0,
  problem: null,
});

/** Returns one line on the ledger for `doctor`. */
export function ledgerState(owner: LedgerOwner | null, ledger: ReadableLedger): string {
  const count = ledger.downloads.list().length;
  const downloads = `${count} download${count === 1 ? '' : 's'}`;
  return owner
    ? `${downloads}; in use by ${owner.program} (process ${owner.pid})`
    : `${downloads}; not in use`;
}

function readSnapshot(parts: EngineParts, ledger: LedgerReader): Snapshot {
  const owner = ledger.owner();
  const downloads = ledger.downloads.list().map((row): DownloadView => {
    const download = loadDownload(row, ledger, parts.clock.monotonic);
    const view = download.view(
      row.commit === null ? null : snapshotFolder(row.cacheDir, row.repo, row.commit),
    );
    if (!download.isActive) return view;
    return owner
      ? { ...view, reason: `Running in ${owner.program} (process ${owner.pid}).` }
      : { ...view, reason: 'Interrupted.', isInterrupted: true };
  });
  const builds = ledger.builds.list().map((row) => storedView(row, ledger.builds.units(row.id).size));
  return { runId: parts.runId, seq: parts.events.seq(), downloads, builds, settings: ledger.settings.get() };
}

async function inspectStored(id: string, ledger: LedgerReader): Promise<DownloadInspection> {
  const row = ledger.downloads.get(id);
  if (row) return inspect({ row, files: ledger.files.list(id).map((file) => ({ row: file })) }, null, ledger);
  throw new AppError('NotFound', `There is no download ${id}.`, { details: { remedy: 'see-downloads' } });
}
