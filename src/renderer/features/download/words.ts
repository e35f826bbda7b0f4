import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDay } from '../../../shared/format/day.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { VerifyReport } from '../../../shared/model/library.ts';
import type { Platform } from '../../ui/platform.ts';

/** Every text of the Downloads pane, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Downloads',
  active: 'Active',
  finished: 'Finished',
  activeList: 'Active downloads',
  finishedList: 'Finished downloads',
  activeCount: (count: number) => `${count} ${count === 1 ? 'download' : 'downloads'}`,
  inspector: 'Inspector',
  pauseAll: 'Pause All',
  resumeAll: 'Resume All',
  clearFinished: 'Clear All',

  emptyTitle: 'No downloads yet',
  emptyText: 'Choose a model in Discover, or paste the address of one. It appears here while it comes.',
  emptyAction: 'Open Discover',
  starting: 'Looking at what is here…',

  phases: {
    checking: 'Checking',
    downloading: 'Downloading',
    verifying: 'Verifying',
    installing: 'Installing',
  },

  queued: 'Queued. It starts when another download ends.',
  resolving: 'Checking what is needed and what is here…',
  downloading: (streams: number) =>
    streams > 0
      ? `Downloading over ${streams} ${streams === 1 ? 'connection' : 'connections'}`
      : 'Downloading',
  verifying: 'verifying…',
  verifyingFor: (seconds: number, hashed: number, total: number) =>
    `verifying… ${formatDuration(seconds)} · ${formatBytesOf(hashed, total)}`,
  repairing: 'Fetching damaged chunks again. All others stay.',
  installing: 'Installing…',
  ready: 'Ready. Every byte was checked.',
  readyBefore: (checkedAt: string) =>
    `Ready. Every byte was checked on ${formatDay(checkedAt)}; the files are unchanged since.`,
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
  diskFullFailed: 'The disk is full.',
  volumeMissing: 'The disk isn’t connected.',
  resumesWithRoom: ' The download resumes when there is enough space.',
  resumesWithVolume: ' The download resumes when the disk is back.',
  sameFile: (name: string | null) =>
    name === null
      ? 'Waiting for another download of the same file.'
      : `Waiting for ${name}, which is downloading the same file.`,

  gated: 'This model is gated: its owner has to grant you access.',
  authRequired: 'The Hub wants an access token for this model.',
  proxyAuthRequired:
    'The proxy wants another user name and password. Change the proxy setting, then try again.',
  changedUpstream: 'The Hub’s files are not the ones that the catalog knows.',
  hashMismatch: 'What arrived is not what the Hub announced, so it was not installed.',
  notFound: 'The Hub does not have this model or revision.',
  diskPermission: 'The cache folder cannot be written.',
  pathUnsafe: 'The repository has a file name that is not safe to write.',
  badRequest: 'This cannot be downloaded as asked.',
  ledgerTrouble: 'The ledger could not be used.',
  engineTrouble: 'The download engine stopped.',
  somethingElse: 'Something unexpected stopped this download.',
  stoppedByNetwork: 'The network was given up.',

  tryNow: 'Try Now',
  tryAgain: 'Try Again',
  enterToken: 'Enter Token…',
  acceptChange: 'Accept the Change…',
  removeFromList: 'Remove from List',
  details: 'Details',
  copyDetails: 'Copy Details',

  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel…',
  more: 'More',
  reorder: 'Reorder',
  reveal: { darwin: 'Show in Finder', linux: 'Show in Files', win32: 'Show in Explorer' } satisfies Readonly<
    Record<Platform, string>
  >,
  copyPath: 'Copy Path',
  verify: 'Verify',
  moveUp: 'Move Up',
  moveDown: 'Move Down',
  copyDiagnostics: 'Copy Diagnostics',
  importPartial: 'Import a Partial File…',
  openPage: 'Open Model Page',
  showInspector: 'Show in Inspector',
  copyPython: 'Copy Python',
  copyCommand: 'Copy Command',
  clear: 'Clear',

  cancelTitle: (name: string) => `Cancel the download of ${name}?`,
  cancelText: (received: number) =>
    received > 0
      ? `${formatBytes(received)} is on this disk. Keep it, and a later download goes on from there.`
      : 'Nothing was downloaded yet.',
  keepPartial: 'Keep the Partial',
  deletePartial: 'Delete the Partial',
  goOn: 'Go On',
  cancelDownload: 'Cancel Download',

  acceptTitle: (name: string) => `Accept the changed files of ${name}?`,
  acceptText:
    'The Hub offers files that differ from those that the catalog was made for. They may be a newer version, or not what you expect. They are checked against the Hub’s own hashes.',
  acceptConfirm: 'Accept and Download',
  dismiss: 'Not Now',

  dropHere: 'Drop a partial file to take its bytes over',
  takingOver: (file: string) => `Copying bytes out of ${file}…`,
  tookOver: (bytes: number, file: string) =>
    `Took ${formatBytes(bytes)} over from ${file}. Checking it; the file itself is not changed.`,
  noPath: 'That has no file on this disk behind it.',
  copied: 'Copied',
  copiedPath: 'Path copied',
  copiedSnippet: 'Snippet copied',
  copiedDiagnostics: 'Diagnostics copied',
  verifiedOk: (name: string) => `${name} is intact: every byte was checked.`,
  couldNotCheck: (name: string, { files, uncheckedBecause }: VerifyReport) => {
    const count = files.filter(({ ok }) => ok === null).length;
    return `${count} of ${files.length} files of ${name} could not be checked. ${uncheckedBecause ?? ''}`.trim();
  },
  verifiedBad: (name: string) => `${name} is damaged. The Library can repair it.`,
  openLibrary: 'Show Library',

  noSpeed: '0 MB/s',
  chunks: (done: number, total: number) => `chunks ${done} of ${total}`,
  rescued: (bytes: number) => `${formatBytes(bytes)} was here already`,
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
    'Press Space to pick the download up, the arrow keys to move it, Space to drop it, Escape to put it back.',
  dragStart: (name: string) => `Picked up ${name}. Move it with the arrow keys, drop it with Space.`,
  dragOver: (name: string, place: number, count: number) => `${name} is at place ${place} of ${count}.`,
  dragEnd: (name: string, place: number, count: number) => `${name} was put at place ${place} of ${count}.`,
  dragCancel: (name: string) => `${name} is back at its place.`,
} as const;
