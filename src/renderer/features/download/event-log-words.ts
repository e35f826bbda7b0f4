import { formatBytes } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';

/** Every text of a download's event log. */
export const eventLogWords = {
  eventResolved: (total: number, present: number) =>
    `Found the files: ${formatBytes(total)} in all${present > 0 ? `, ${formatBytes(present)} already here` : ''}`,
  eventResumed: (bytes: number) => `Resumed at ${formatBytes(bytes)}`,
  eventRescued: (bytes: number, path: string, source: string) =>
    `Reused ${formatBytes(bytes)} of ${path} from ${source}`,
  rescueSource: {
    cache: 'a finished copy in a cache',
    partial: 'another tool’s partial file',
    similar: 'other files in the cache',
  },
  eventRetry: (attempt: number, message: string, delaySeconds: number) =>
    `${message} Trying again ${delaySeconds < 1 ? 'now' : `in ${formatDuration(delaySeconds)}`} (try ${attempt})`,
  eventRepaired: (chunk: number, path: string, bytes: number) =>
    `Replaced damaged chunk ${chunk + 1} of ${path} (${formatBytes(bytes)})`,
  eventDone: (seconds: number, downloaded: number) =>
    `Ready after ${formatDuration(seconds)}; ${formatBytes(downloaded)} downloaded`,
  times: (text: string, count: number) => `${text} (${count} times)`,
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
