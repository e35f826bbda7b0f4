import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { Platform } from '../../ui/platform.ts';

const models = (count: number) => `${count} ${count === 1 ? 'model' : 'models'}`;

/** Every text of the Library, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Library',
  models: 'Models',
  list: 'Models in the cache',
  partialsList: 'Partial files',
  summary: (count: number, bytes: number) => `${formatBytes(bytes)} in ${models(count)}`,
  free: (bytes: number) => `${formatBytes(bytes)} free`,
  search: 'Search the library',
  searchHint: 'Search',
  refresh: 'Look Again',
  importPartial: 'Import a Partial File…',
  looking: 'Looking through the cache…',
  noAnswer: 'The cache could not be read.',
  tryAgain: 'Try Again',
  noMatch: (text: string) => `Nothing in the library has “${text}” in its name.`,

  emptyTitle: 'Nothing here yet',
  emptyText: (folder: string) =>
    `Models that Haulyard or any other Hugging Face tool downloaded are shown here. Looked in ${folder} for folders whose names begin with “models--”.`,
  emptyAction: 'Open Discover',

  warnings: (count: number) =>
    count === 1
      ? '1 thing in the cache was skipped or looks damaged'
      : `${count} things in the cache were skipped or look damaged`,

  intact: 'Intact',
  damaged: 'Damaged',
  incomplete: 'Incomplete',
  downloading: 'Downloading',
  downloadingText: 'A download is bringing what is missing.',
  waiting: 'Waiting',
  paused: 'Paused',
  pausedText: 'The download of what is missing is paused.',
  stopped: 'Stopped',
  stoppedText: 'The download of what is missing has stopped and needs you.',
  unverified: 'Not verified',
  verifiedAt: (time: string) => `every byte checked ${time}`,
  damagedAt: (time: string) => `damage found ${time}`,
  neverVerified: 'never checked as a whole',
  files: (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`,
  refs: (refs: readonly string[]) =>
    refs.length === 0 ? 'no branch needs it' : `needed by ${refs.join(', ')}`,
  madeFromIt: (variants: readonly string[]) => `${variants.join(' and ')} can be made from it here.`,
  incompleteText: 'Some files are missing or unfinished. Downloading it again brings only those.',
  goOn: 'Get the Rest…',

  verify: 'Verify',
  quickCheck: 'Check Quickly',
  repair: 'Repair',
  repairText: 'Some of it is damaged. Repair fetches only that again.',
  reveal: { darwin: 'Show in Finder', linux: 'Show in Files', win32: 'Show in Explorer' } satisfies Readonly<
    Record<Platform, string>
  >,
  more: 'More',
  copyPath: 'Copy Path',
  copyPython: 'Copy Python',
  copyCommand: 'Copy Command',
  openPage: 'Open Model Page',
  remove: 'Remove…',
  copiedPath: 'Path copied',
  copiedSnippet: 'Snippet copied',

  verifying: 'verifying…',
  verifyingFor: (seconds: number, hashed: number, total: number) =>
    `verifying… ${formatDuration(seconds)} · ${formatBytesOf(hashed, total)}`,
  checking: 'checking sizes and headers…',
  repairing: 'repairing… Only what is damaged is fetched again.',
  removing: 'removing…',
  percentSpoken: (percent: number) => `${percent} percent, verifying`,
  verifyingLabel: (name: string) => `Verifying ${name}`,

  verifiedOk: (name: string) => `${name} is intact: every byte was checked.`,
  checkedOk: (name: string) => `${name}: sizes and headers are right.`,
  repairedOk: (name: string) => `${name} is intact again: every byte was checked.`,
  badFile: (path: string, chunks: number, isMissing: boolean) =>
    isMissing
      ? `${path} is missing`
      : chunks > 0
        ? `${path}: ${chunks} damaged ${chunks === 1 ? 'chunk' : 'chunks'}`
        : `${path} does not have the right content`,

  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: (bytes: number) =>
    `It is deleted from the cache, also for other programs that use it. This frees ${formatBytes(bytes)}, less what other revisions share.`,
  removeThrough: (variants: readonly string[]) =>
    `To make ${variants.join(' or ')} later it would have to be downloaded again.`,
  removeConfirm: (bytes: number) => `Remove and Free ${formatBytes(bytes)}`,
  removed: (name: string, bytes: number) => `${name} was removed: ${formatBytes(bytes)} are free again.`,
  keep: 'Keep',

  partials: 'Partial files',
  partialOf: (name: string) => `Partial of ${name}`,
  ownerDownload: 'needed by a download',
  ownerOther: 'left by another tool',
  ownerOurs: 'kept from a cancelled download',
  continueDownload: 'Show Download',
  continueOther: 'Continue…',
  removePartial: 'Remove…',
  removePartialTitle: (name: string) => `Remove the partial of ${name}?`,
  removePartialText: (bytes: number) =>
    `These ${formatBytes(bytes)} would have to be fetched again if you download the model later.`,
  removedPartial: (bytes: number) => `The partial was removed: ${formatBytes(bytes)} are free again.`,

  importTitle: 'Import a partial file',
  importText: (name: string, bytes: number) =>
    `${name} · ${formatBytes(bytes)}. Its bytes are copied and checked; the file itself is not changed.`,
  importWhich: 'Which file is it a part of?',
  importUnfinished: 'Unfinished downloads',
  importOther: 'Another model',
  importReference: 'Model link or id',
  importReferenceHint: 'An id such as org/name, or the address of the model’s page.',
  importFind: 'Show Files',
  importNone: 'No file of this model is unfinished and large enough.',
  importChoice: (path: string, bytes: number) => `${path} · ${formatBytes(bytes)}`,
  importStart: 'Import',
  importCancel: 'Cancel',
  imported: (bytes: number, name: string) =>
    `Took ${formatBytes(bytes)} over from ${name}; checking it. The file itself is not changed.`,
  importStarted: (name: string) => `Downloading; what ${name} has of it is taken over first.`,
} as const;
