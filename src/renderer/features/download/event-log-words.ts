import type { ErrorCode } from '../../../shared/contract/errors.ts';
import { formatBytes } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { WaitReason } from '../../../shared/model/wait.ts';

/** What an attempt met, where nothing more precise is known. */
const TROUBLE_WORDS: Partial<Record<ErrorCode, (host: string) => string>> & {
  readonly Internal: (host: string) => string;
} = {
  Offline: (host) => `Can’t connect to ${host}.`,
  Timeout: (host) => `${host} didn’t answer in time.`,
  Stalled: (host) => `No data from ${host}.`,
  RateLimited: (host) => `${host} is rate-limiting this computer.`,
  ServerError: (host) => `${host} is having problems.`,
  RangeUnsupported: (host) => `${host} sent another part of the file than was asked for.`,
  AuthRequired: (host) => `${host} refused the request.`,
  NotFound: (host) => `${host} doesn’t have the file.`,
  HashMismatch: (host) => `${host} sent data that doesn’t match its checksum.`,
  DiskFull: () => 'The disk is full.',
  DiskMissing: () => 'The disk isn’t connected.',
  Internal: () => 'Haulyard ran into a problem.',
};

/** Every text of a download's event log. */
export const eventLogWords = {
  eventResolved: (total: number, present: number) =>
    `Found the files: ${formatBytes(total)} in all${present > 0 ? `, ${formatBytes(present)} already here` : ''}`,
  eventResumed: (bytes: number) => `Resumed at ${formatBytes(bytes)}`,
  eventRescued: (bytes: number, path: string, source: string) =>
    `Reused ${formatBytes(bytes)} of ${path} from ${source}`,
  rescueSource: {
    cache: 'a finished copy in a cache',
    partial: 'another tool’s unfinished file',
    similar: 'other files in the cache',
  },
  eventRetry: (attempt: number, message: string, delaySeconds: number) =>
    `${message} Trying again ${delaySeconds < 1 ? 'now' : `in ${formatDuration(delaySeconds)}`} (try ${attempt})`,
  eventRepaired: (chunk: number, path: string, bytes: number) =>
    `Replaced damaged chunk ${chunk + 1} of ${path} (${formatBytes(bytes)})`,
  eventDone: (seconds: number, downloaded: number) =>
    `Ready after ${formatDuration(seconds)}; ${formatBytes(downloaded)} downloaded`,
  times: (text: string, count: number) => `${text} (${count} times)`,
  theServer: 'the server',
  eventTrouble: (code: ErrorCode, host: string) => (TROUBLE_WORDS[code] ?? TROUBLE_WORDS.Internal)(host),
  eventWait: {
    network: 'Waiting for the network',
    server: 'Waiting for the server',
    'rate-limit': 'Rate-limited',
    disk: 'Not enough space',
    volume: 'The disk isn’t connected',
    'same-file': 'Waiting for another download of the same file',
    schedule: 'Waiting for the hours in which downloads run',
  } satisfies Readonly<Record<WaitReason, string>>,
  eventState: {
    queued: 'Queued',
    resolving: 'Checking files',
    downloading: 'Downloading',
    verifying: 'Verifying',
    installing: 'Installing',
    repairing: 'Downloading damaged parts again',
    ready: 'Ready',
    paused: 'Paused',
    waiting: 'Waiting',
    failed: 'Stopped',
  },
} as const;
