import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDay } from '../../../shared/format/day.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { ElsewhereModel } from '../../../shared/model/library.ts';
import type { PruneKind, UpdateCheck } from '../../../shared/model/upkeep.ts';
import type { Platform } from '../../ui/platform.ts';
import type { LibraryFilter, LibrarySort } from './library-entries.ts';

const countOf = (count: number) => `${count} ${count === 1 ? 'model' : 'models'}`;

/** Every text of the Library, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Library',
  heading: 'Models',
  models: countOf,
  list: 'Models in the cache',
  summary: (count: number, bytes: number) => `${formatBytes(bytes)} in ${countOf(count)}`,
  free: (bytes: number) => `${formatBytes(bytes)} free`,
  search: 'Search the library',
  searchHint: 'Search',
  refresh: 'Refresh',
  importPartial: 'Import Unfinished File…',
  looking: 'Reading the cache…',
  noAnswer: 'The cache can’t be read.',
  tryAgain: 'Try Again',
  noMatch: (text: string) => `No models match “${text}”.`,
  noneOfThis: 'No models to show here.',
  showAll: 'Show All',

  close: 'Close',
  sort: 'Sort by',
  sorts: { name: 'Name', size: 'Size', checked: 'Last Verified' } satisfies Readonly<
    Record<LibrarySort, string>
  >,
  filter: 'Show',
  filters: {
    all: 'All Models',
    attention: 'Needs Attention',
    unverified: 'Not Verified',
    updates: 'Update Available',
  } satisfies Readonly<Record<LibraryFilter, string>>,
  selected: (count: number, bytes: number) => `${count} selected · ${formatBytes(bytes)}`,
  verifyAll: 'Verify Selected',
  removeAll: 'Remove Selected…',
  checkUpdates: 'Check for Updates',
  updateAll: (count: number) => (count === 1 ? 'Update 1 Model' : `Update ${count} Models`),
  updatesFound: (newer: number, unknown: number) => {
    const found = newer === 0 ? 'Everything is up to date.' : `${countOf(newer)} can be updated.`;
    return unknown === 0 ? found : `${found} ${countOf(unknown)} couldn’t be checked.`;
  },
  updateAvailable: 'Update Available',
  updateText: ({ changes, downloadBytes, updatedAt }: UpdateCheck) => {
    const count = changes.length === 1 ? '1 file' : `${changes.length} files`;
    const when = updatedAt === null ? '' : ` on ${formatDay(updatedAt)}`;
    return `${count} changed${when}. Updating downloads ${formatBytes(downloadBytes)}; the old version stays until you remove it.`;
  },
  update: 'Update',

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
  refs: (refs: readonly string[]) =>
    refs.length === 0 ? 'not on any branch' : refs.length === 1 && refs[0] === 'main' ? '' : refs.join(', '),
  madeFromIt: (variants: readonly string[]) => `${variants.join(' and ')} can be made from it here.`,
  incompleteText: 'Some files are missing or unfinished. Only those will be downloaded.',
  goOn: 'Finish Downloading…',

  verify: 'Verify',
  repair: 'Repair',
  repairText: 'Some parts are damaged. Repair downloads only those again.',
  reveal: { darwin: 'Show in Finder', linux: 'Show in Files', win32: 'Show in Explorer' } satisfies Readonly<
    Record<Platform, string>
  >,
  more: 'More',
  filesOf: (name: string) => `Files of ${name}`,
  fileCount: (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`,
  fileGone: 'missing',
  moreFiles: (count: number) => `and ${count} more`,
  copiedPath: 'Path copied',
  copiedSnippet: 'Snippet copied',

  verifying: 'verifying…',
  verifyingFor: (seconds: number, hashed: number, total: number) =>
    `verifying… ${formatDuration(seconds)} · ${formatBytesOf(hashed, total)}`,
  checking: 'checking sizes and headers…',
  repairing: 'repairing… Only damaged parts are downloaded again.',
  moving: 'moving… The original stays until every byte of the copy is checked.',
  movingFor: (seconds: number, done: number, total: number) =>
    `moving… ${formatDuration(seconds)} · ${formatBytesOf(done, total)}`,
  moved: (name: string, folder: string) =>
    `${name} is in ${folder} now. A link stays, so other programs still find it.`,
  percentSpoken: (percent: number) => `${percent} percent, verifying`,
  verifyingLabel: (name: string) => `Verifying ${name}`,

  verifiedAll: (intact: number, count: number) =>
    intact === count
      ? `${countOf(count)} checked. Every byte is intact.`
      : `${intact} of ${countOf(count)} are intact. The others need attention.`,
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
  removeText: (count: number, bytes: number) =>
    `${count === 1 ? 'It' : 'They'} will be deleted from the cache, for other programs too. This frees ${formatBytes(bytes)}.`,
  removeThrough: (variants: readonly string[]) =>
    `To make ${variants.join(' or ')} later it would have to be downloaded again.`,
  removeConfirm: (bytes: number) => `Remove and Free ${formatBytes(bytes)}`,
  removing: (name: string) => `Removing ${name} in a few seconds.`,
  undo: 'Undo',
  notRemoved: (reference: string, why: string) => `${reference} wasn’t removed. ${why}`,
  removed: (name: string, bytes: number) => `${name} removed. ${formatBytes(bytes)} freed.`,
  keep: 'Keep',

  unfinished: 'Unfinished',
  unfinishedFile: (file: string, bytes: number, owner: string) =>
    `${file} · ${formatBytes(bytes)} · ${owner}`,
  ownerDownload: 'used by a download',
  ownerOther: 'left by another tool',
  ownerOurs: 'kept from a canceled download',
  continueDownload: 'Show Download',
  continueOther: 'Continue…',
  removePartial: 'Remove…',
  elsewhere: 'In other apps',
  elsewhereText: (platform: Platform) =>
    `Already on ${platform === 'darwin' ? 'this Mac' : 'this computer'}. These files stay as they are; a download copies what it can use from them.`,
  elsewhereTools: {
    cache: 'Another cache folder',
    'lm-studio': 'LM Studio',
    ollama: 'Ollama',
  } satisfies Readonly<Record<ElsewhereModel['tool'], string>>,
  elsewhereUse: 'Add to Library…',
  storage: 'Storage',
  storageBar: (parts: readonly string[]) => `Storage: ${parts.join(', ')}`,
  storageParts: {
    models: 'Models',
    made: 'Made here',
    unfinished: 'Unfinished',
    free: 'Free',
  },
  cleanUp: 'Clean Up…',
  prunable: (bytes: number) => `${formatBytes(bytes)} no longer needed`,
  pruneTitle: 'Clean Up',
  pruneText:
    'These files aren’t part of any branch, and no download needs them. Nothing is deleted until you confirm.',
  pruneNothing: 'There is nothing to clean up.',
  pruneLooking: 'Looking for what nothing needs…',
  pruneKinds: {
    revision: 'Old version',
    unfinished: 'Unfinished file',
    content: 'File of no version',
    link: 'Broken link',
  } satisfies Readonly<Record<PruneKind, string>>,
  pruneItem: (kind: string, repo: string) => `${kind} of ${repo}`,
  pruneConfirm: (bytes: number) => `Delete and Free ${formatBytes(bytes)}`,
  pruned: (bytes: number) => `${formatBytes(bytes)} freed.`,
  prunedPartly: (bytes: number, failed: number) =>
    `${formatBytes(bytes)} freed. ${failed} ${failed === 1 ? 'item' : 'items'} couldn’t be deleted.`,
  cancel: 'Cancel',
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
