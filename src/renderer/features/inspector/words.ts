import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { ChunkState } from '../../../shared/model/inspection.ts';

const CHUNK_WORDS: Readonly<Record<ChunkState, string>> = {
  done: 'Done',
  receiving: 'Receiving',
  rescued: 'Rescued',
  repaired: 'Repaired',
  received: 'Received',
  waiting: 'Waiting',
};

/** Every text of the inspector. */
export const words = {
  title: 'Inspector',
  close: 'Close Inspector',
  nothingSelected: 'No download is selected',
  nothingSelectedText: 'Select a download to see its chunks, speed and hashes.',
  loading: 'Looking…',

  chunks: 'Chunks',
  speed: 'Speed',
  streams: 'Connections',
  numbers: 'Numbers',
  files: 'Files',
  events: 'Events',
  chunkWord: (state: ChunkState) => CHUNK_WORDS[state],
  chunkCount: (state: ChunkState, count: number) => `${count} ${CHUNK_WORDS[state].toLowerCase()}`,
  chunkMap: (file: string, total: number, parts: string) =>
    `Chunk map of ${file}: ${total} ${total === 1 ? 'chunk' : 'chunks'}; ${parts}`,
  filesTogether: (count: number, isRest: boolean) =>
    `${count} ${isRest ? 'more ' : ''}${count === 1 ? 'file' : 'files'}`,
  speedGraph: (now: string, peak: string) => `Speed of the last minutes: now ${now}, peak ${peak}`,
  now: 'Now',
  peak: 'Peak',
  lastMinutes: 'last 3 minutes',
  noStreams: 'No open connections',
  chunkNumber: (chunk: number) => `chunk ${chunk + 1}`,
  silentFor: (seconds: number) => `silent for ${formatDuration(seconds)}`,

  repository: 'Repository',
  revision: 'Revision',
  commit: 'Commit',
  notPinned: 'not pinned yet',
  downloaded: 'Fetched',
  rescued: 'Rescued',
  wasted: 'Fetched twice',
  retries: 'Retries',
  activeTime: 'Active for',
  expected: 'Expected',
  found: 'Found',
  notHashedYet: (hashed: number, size: number) => `hashed ${formatBytesOf(hashed, size)}`,
  hashPending: 'after the last byte',
  matches: 'Matches',
  differs: 'Differs',
  copyHash: 'Copy Hash',
  copyCommit: 'Copy Commit',
  hashCopied: 'Hash copied',
  commitCopied: 'Commit copied',
  copyDiagnostics: 'Copy Diagnostics',
  noEvents: 'Nothing happened yet',
  olderEvents: (count: number) => `Show ${count} older`,

  eventResolved: (total: number, present: number) =>
    `The files are known: ${formatBytes(total)} in all${present > 0 ? `, ${formatBytes(present)} here already` : ''}`,
  eventRescued: (bytes: number, path: string, source: string) =>
    `Rescued ${formatBytes(bytes)} of ${path} from ${source}`,
  rescueSource: {
    ledger: 'the last attempt',
    cache: 'a finished copy in a cache',
    partial: 'another tool’s partial file',
  },
  eventRetry: (attempt: number, message: string, delaySeconds: number) =>
    `${message} Trying again ${delaySeconds < 1 ? 'at once' : `in ${formatDuration(delaySeconds)}`} (try ${attempt})`,
  eventRepaired: (chunk: number, path: string, bytes: number) =>
    `Replaced damaged chunk ${chunk + 1} of ${path} (${formatBytes(bytes)})`,
  eventDone: (seconds: number, downloaded: number) =>
    `Ready after ${formatDuration(seconds)}; ${formatBytes(downloaded)} fetched`,
  times: (text: string, count: number) => `${text} (${count} times)`,
  eventState: {
    queued: 'Queued',
    resolving: 'Checking what is needed',
    downloading: 'Downloading',
    verifying: 'Verifying',
    installing: 'Installing',
    repairing: 'Fetching damaged chunks again',
    ready: 'Ready',
    paused: 'Paused',
    waiting: 'Waiting',
    failed: 'Stopped',
  },
} as const;
