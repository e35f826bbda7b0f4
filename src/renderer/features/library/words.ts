import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { Platform } from '../../ui/platform.ts';

const models = (count: number) => `${count} ${count === 1 ? 'model' : 'models'}`;

/** Every text of the Library, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Library',
  models: 'Models',
  list: 'Models in the cache',
  partialsList: 'Unfinished files',
  summary: (count: number, bytes: number) => `${formatBytes(bytes)} in ${models(count)}`,
  free: (bytes: number) => `${formatBytes(bytes)} free`,
  search: 'Search the library',
  searchHint: 'Search',
  refresh: 'Refresh',
  importPartial: 'Import Unfinished File…',
  looking: 'Reading the cache…',
  noAnswer: 'The cache can’t be read.',
  tryAgain: 'Try Again',
  noMatch: (text: string) => `No models match “${text}”.`,

  emptyTitle: 'Nothing here yet',
  emptyText: (folder: string) =>
    `Models downloaded by Haulyard or any other Hugging Face tool appear here. Haulyard looked in ${folder} for folders whose names begin with “models--”.`,
  emptyAction: 'Open Discover',

  warnings: (count: number) =>
    count === 1
      ? '1 item in the cache was skipped or looks damaged'
      : `${count} items in the cache were skipped or look damaged`,

  intact: 'Intact',
  damaged: 'Damaged',
  incomplete: 'Incomplete',
  downloading: 'Downloading',
  downloadingText: 'The missing files are being downloaded.',
  waiting: 'Waiting',
  paused: 'Paused',
  pausedText: 'The download of the missing files is paused.',
  stopped: 'Stopped',
  stoppedText: 'The download of the missing files has stopped and needs you.',
  unverified: 'Not verified',
  verifiedAt: (time: string) => `verified ${time}`,
  damagedAt: (time: string) => `damage found ${time}`,
  neverVerified: 'never verified',
  files: (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`,
  refs: (refs: readonly string[]) =>
    refs.length === 0 ? 'not on any branch' : refs.length === 1 && refs[0] === 'main' ? '' : refs.join(', '),
  madeFromIt: (variants: readonly string[]) => `${variants.join(' and ')} can be made from it here.`,
  incompleteText: 'Some files are missing or unfinished. Only those will be downloaded.',
  goOn: 'Finish Downloading…',

  verify: 'Verify',
  quickCheck: 'Quick Check',
  repair: 'Repair',
  repairText: 'Some parts are damaged. Repair downloads only those again.',
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
  repairing: 'repairing… Only damaged parts are downloaded again.',
  removing: 'removing…',
  percentSpoken: (percent: number) => `${percent} percent, verifying`,
  verifyingLabel: (name: string) => `Verifying ${name}`,

  verifiedOk: (name: string) => `${name} is intact. Every byte was checked.`,
  checkedOk: (name: string) => `${name}: sizes and headers are correct.`,
  repairedOk: (name: string) => `${name} is repaired. Every byte was checked.`,
  badFile: (path: string, chunks: number, isMissing: boolean) =>
    isMissing
      ? `${path} is missing`
      : chunks > 0
        ? `${path}: ${chunks} damaged ${chunks === 1 ? 'chunk' : 'chunks'}`
        : `${path} doesn’t match its checksum`,

  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: (bytes: number) =>
    `It will be deleted from the cache, for other programs too. This frees ${formatBytes(bytes)}.`,
  removeThrough: (variants: readonly string[]) =>
    `To make ${variants.join(' or ')} later it would have to be downloaded again.`,
  removeConfirm: (bytes: number) => `Remove and Free ${formatBytes(bytes)}`,
  removed: (name: string, bytes: number) => `${name} removed. ${formatBytes(bytes)} freed.`,
  keep: 'Keep',

  partials: 'Unfinished files',
  partialOf: (name: string) => `Unfinished file of ${name}`,
  ownerDownload: 'used by a download',
  ownerOther: 'left by another tool',
  ownerOurs: 'kept from a canceled download',
  continueDownload: 'Show Download',
  continueOther: 'Continue…',
  removePartial: 'Remove…',
  removePartialTitle: (name: string) => `Remove the unfinished file of ${name}?`,
  removePartialText: (bytes: number) =>
    `If you download the model later, these ${formatBytes(bytes)} will have to be downloaded again.`,
  removedPartial: (bytes: number) => `Unfinished file removed. ${formatBytes(bytes)} freed.`,

  importTitle: 'Import Unfinished File',
  importText: (name: string, bytes: number) =>
    `${name} · ${formatBytes(bytes)}. What it has is copied and checked; the file itself isn’t changed.`,
  importWhich: 'Which file is it part of?',
  importUnfinished: 'Unfinished downloads',
  importOther: 'Another model',
  importReference: 'Model link or ID',
  importReferenceHint: 'An ID such as org/name, or the address of the model’s page.',
  importFind: 'Show Files',
  importNone: 'This model has no unfinished file that is large enough.',
  importChoice: (path: string, bytes: number) => `${path} · ${formatBytes(bytes)}`,
  importStart: 'Import',
  importCancel: 'Cancel',
  imported: (bytes: number, name: string) =>
    `Reusing ${formatBytes(bytes)} from ${name}. It is being checked; the file itself isn’t changed.`,
  importStarted: (name: string) => `Downloading. What ${name} has is reused first.`,
} as const;
