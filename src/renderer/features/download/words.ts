import { formatBytes, formatBytesOf, formatPart } from '../../../shared/format/bytes.ts';
import { formatDay } from '../../../shared/format/day.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { VerifyReport } from '../../../shared/model/library.ts';
import { type Platform, thisPlatform } from '../../ui/platform.ts';

const MACHINES: Readonly<Record<Platform, string>> = {
  darwin: 'this Mac',
  linux: 'this computer',
  win32: 'this PC',
};
const thisMachine = () => MACHINES[thisPlatform()];

/** Every text of the Downloads pane, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Downloads',
  active: 'Active',
  finished: 'Finished',
  activeList: 'Active downloads',
  finishedList: 'Finished downloads',
  activeCount: (count: number) => `${count} ${count === 1 ? 'download' : 'downloads'}`,
  inspector: 'Inspector',
  search: 'Search downloads',
  searchHint: 'Search',
  noMatch: (text: string) => `No downloads match “${text}”.`,
  limitSpeed: 'Limit Download Speed',
  limitNow: (limit: number | null) =>
    limit === null ? 'No limit on the download speed' : `Speed limit: ${formatRate(limit)}`,
  noLimit: 'No Limit',
  noLimitShort: 'No limit',
  otherLimit: 'Other…',
  pauseAll: 'Pause All',
  resumeAll: 'Resume All',
  clearFinished: 'Clear Finished',

  emptyTitle: 'No downloads yet',
  emptyText: 'Choose a model in Discover, or paste a model link. Its progress appears here.',
  emptyAction: 'Open Discover',
  starting: 'Loading downloads…',

  phases: {
    checking: 'Checking',
    downloading: 'Downloading',
    verifying: 'Verifying',
    installing: 'Installing',
  },

  queued: 'Queued. Starts when another download ends.',
  resolving: 'Checking which files are needed…',
  downloading: 'Downloading',
  downloadingFrom: (part: string, who: string) => `Downloading · ${part} from ${who}`,
  computers: (count: number) => `${count} computers on this network`,
  verifying: 'verifying…',
  verifyingFor: (seconds: number, hashed: number, total: number) =>
    `verifying… ${formatDuration(seconds)} · ${formatBytesOf(hashed, total)}`,
  repairing: 'Downloading damaged parts again. The rest is kept.',
  installing: 'Installing…',
  ready: 'Ready and verified.',
  readyBefore: (checkedAt: string) =>
    `Ready. Verified on ${formatDay(checkedAt)}; the files haven’t changed since.`,
  readyShort: 'Ready',
  paused: (saved: string) => `Paused.${saved}`,
  saved: (amount: string) => ` ${amount} is saved.`,

  noData: (seconds: number) => `No data for ${formatDuration(seconds)}`,
  reconnects: 'reconnecting automatically',
  reconnectingIn: (seconds: number) =>
    seconds > 0 ? `reconnecting in ${formatDuration(seconds)}` : 'reconnecting now',
  attempt: (attempt: number | undefined) => (attempt === undefined ? '' : ` (try ${attempt})`),
  connectionLost: 'Connection lost.',
  noConnection: (host: string) => `Can’t connect to ${host}.`,
  theServer: 'the server',
  serverTrouble: 'The server is having problems.',
  tryingIn: (seconds: number, attempt: number | undefined) => {
    const when = seconds > 0 ? `in ${formatDuration(seconds)}` : 'now';
    return ` Trying again ${when}${attempt === undefined ? '' : ` (try ${attempt})`}.`;
  },
  resumesAlone: ' It resumes automatically.',
  rateLimited: (time: string | null) => (time === null ? 'Rate-limited.' : `Rate-limited until ${time}.`),
  diskFull: (rest: string, missing: string | null) =>
    missing === null
      ? `Not enough space: ${rest} still to download.`
      : `Not enough space: ${rest} still to download. Free up ${missing}.`,
  volumeMissing: 'The disk isn’t connected.',
  resumesWithRoom: ' The download resumes when there is enough space.',
  resumesWithVolume: ' The download resumes when the disk is back.',
  sameFile: (name: string | null) =>
    name === null
      ? 'Waiting for another download of the same file.'
      : `Waiting for ${name}, which is downloading the same file.`,

  schedule: (time: string | null) =>
    time === null ? 'Downloads run at other hours.' : `Downloads run from ${time}.`,
  startNow: 'Start Now',
  tryNow: 'Try Now',
  tryAgain: 'Try Again',
  enterToken: 'Enter Token…',
  acceptChange: 'Review Changes…',
  removeFromList: 'Remove from List',
  details: 'Details',
  copyDetails: 'Copy Details',

  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel Download…',
  more: 'More',
  reorder: 'Reorder',
  reveal: { darwin: 'Show in Finder', linux: 'Show in Files', win32: 'Show in Explorer' } satisfies Readonly<
    Record<Platform, string>
  >,
  copyPath: 'Copy Path',
  copyPython: 'Copy Python',
  copyCommand: 'Copy Command',
  clear: 'Remove from List',

  cancelTitle: (name: string) => `Cancel the download of ${name}?`,
  cancelText: (received: number, total: number) =>
    received > 0
      ? `${formatPart(received, total)} is downloaded. If you keep it, the download can continue later.`
      : 'Nothing has been downloaded yet.',
  keepPartial: (received: number, total: number) => `Stop and Keep ${formatPart(received, total)}`,
  deletePartial: 'Stop and Delete',
  goOn: 'Continue Downloading',
  cancelDownload: 'Cancel Download',

  acceptTitle: (name: string) => `Download the changed files of ${name}?`,
  acceptText:
    'The files on Hugging Face differ from the ones this list was made for. They may be a newer version, or not what you expect. Each file is still checked against its checksum.',
  acceptConfirm: 'Accept and Download',
  dismiss: 'Not Now',

  dropHere: 'Drop an unfinished file to reuse what it has',
  takingOver: (file: string) => `Copying from ${file}…`,
  tookOver: (bytes: number, file: string) =>
    `Reusing ${formatBytes(bytes)} from ${file}. It is being checked; the file itself isn’t changed.`,
  noPath: 'That isn’t a file on this disk.',
  copied: 'Copied',
  copiedPath: 'Path copied',
  copiedSnippet: 'Snippet copied',
  copiedDiagnostics: 'Diagnostics copied',
  verifiedOk: (name: string) => `${name} is intact. Every byte was checked.`,
  couldNotCheck: (name: string, { files, uncheckedBecause }: VerifyReport) => {
    const count = files.filter(({ ok }) => ok === null).length;
    return `${count} of ${files.length} files of ${name} couldn’t be checked. ${uncheckedBecause ?? ''}`.trim();
  },
  verifiedBad: (name: string) => `${name} is damaged. The Library can repair it.`,
  openLibrary: 'Show Library',

  noSpeed: '0 MB/s',
  rescued: (reused: number, total: number) => `${formatPart(reused, total)} reused from ${thisMachine()}`,
  percentSpoken: (percent: number) => `${percent} percent`,
  leftSpoken: (duration: string) => `${duration} left`,
  spokenState: {
    queued: 'queued',
    resolving: 'checking',
    downloading: 'downloading',
    verifying: 'verifying',
    installing: 'installing',
    repairing: 'repairing',
    ready: 'ready',
    paused: 'paused',
    waiting: 'waiting',
    failed: 'stopped',
  },
  dragHelp:
    'Press Space to pick up the download, the arrow keys to move it, Space to drop it, or Escape to cancel.',
  dragStart: (name: string) => `Picked up ${name}. Move it with the arrow keys, drop it with Space.`,
  dragOver: (name: string, place: number, count: number) => `${name} is at position ${place} of ${count}.`,
  dragEnd: (name: string, place: number, count: number) =>
    `${name} was moved to position ${place} of ${count}.`,
  dragCancel: (name: string) => `${name} is back where it was.`,
} as const;
