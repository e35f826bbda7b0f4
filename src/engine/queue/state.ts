import type { DownloadState } from '../../shared/model/download.ts';

/** States in which the engine works, or would if it could. After a restart these run again. */
export const ACTIVE_STATES: ReadonlySet<DownloadState> = new Set([
  'queued',
  'resolving',
  'downloading',
  'verifying',
  'installing',
  'repairing',
  'waiting',
]);

/** States in which bytes may move. */
export const MOVING_STATES: ReadonlySet<DownloadState> = new Set([
  'downloading',
  'verifying',
  'installing',
  'repairing',
]);

/** States in which bytes come from the network: the remaining time is what is missing divided by the speed. */
export const FETCHING_STATES: ReadonlySet<DownloadState> = new Set(['downloading', 'repairing']);

const WORKING: readonly DownloadState[] = [
  'resolving',
  'downloading',
  'verifying',
  'installing',
  'repairing',
];
const INTERRUPTIONS: readonly DownloadState[] = ['paused', 'waiting', 'failed', 'queued'];

/**
 * Which state may follow which. Work advances through its phases, may fall back to an earlier one (a chunk that must be
 * fetched again while verifying), and may be interrupted at any point; `ready` is left only to work again.
 */
const NEXT: Readonly<Record<DownloadState, readonly DownloadState[]>> = {
  queued: ['resolving', 'paused', 'failed', 'waiting'],
  resolving: ['downloading', 'verifying', 'installing', 'ready', ...INTERRUPTIONS],
  downloading: ['resolving', 'verifying', 'installing', 'repairing', 'ready', ...INTERRUPTIONS],
  verifying: ['resolving', 'downloading', 'installing', 'repairing', 'ready', ...INTERRUPTIONS],
  installing: ['resolving', 'downloading', 'verifying', 'repairing', 'ready', ...INTERRUPTIONS],
  repairing: ['resolving', 'downloading', 'verifying', 'installing', 'ready', ...INTERRUPTIONS],
  waiting: [...WORKING, 'ready', 'paused', 'failed', 'queued'],
  paused: ['queued'],
  failed: ['queued', 'paused'],
  ready: ['queued', 'verifying', 'repairing'],
};

/** True when a download may go from one state to the other. Staying is always allowed. */
export function mayFollow(from: DownloadState, to: DownloadState): boolean {
  return from === to || NEXT[from].includes(to);
}

/**
 * States in which numbers may decrease: the download starts again from what is on disk, or parts of that were found to
 * be bad.
 */
export const MAY_FALL: ReadonlySet<DownloadState> = new Set(['queued', 'resolving', 'repairing']);
