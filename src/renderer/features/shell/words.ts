import { formatDuration } from '../../../shared/format/duration.ts';

/** Every text of the window's frame, in one place, so that another language is another object of this shape. */
export const words = {
  app: 'Haulyard',
  navigation: 'Sections',
  sections: { discover: 'Discover', downloads: 'Downloads', library: 'Library', settings: 'Settings' },
  activeCount: (count: number) => `${count} active`,

  runBy: (program: string) => `Run by “${program}” until it ends`,
  totals: 'All downloads',
  totalsSpoken: (percent: number, rest: string) => `${percent} percent, ${rest}`,
  downloads: (count: number) => (count === 1 ? '1 download' : `${count} downloads`),
  waiting: 'Waiting',
  pausedCount: (count: number) => `${count} paused`,

  engineStarting: 'Starting the download engine…',
  engineRestarting: (seconds: number) =>
    seconds > 0
      ? `The download engine stopped. Your progress is saved. Restarting in ${formatDuration(seconds)}.`
      : 'The download engine stopped. Your progress is saved. Restarting now.',
  engineFailed: 'The download engine can’t start. Your progress is saved.',
  engineStopped: 'The download engine has stopped. Downloads resume the next time you open Haulyard.',
  tryAgain: 'Try Again',

  crashedTitle: 'Something went wrong in this window',
  crashedText: 'Your downloads aren’t affected. Reload the window to see them.',
  reload: 'Reload',

  stopped: (name: string, reason: string) => `${name}: ${reason}`,
  show: 'Show',
  notices: 'Notices',
  dismiss: 'Dismiss',

  announce: {
    added: (name: string) => `${name}: added`,
    state: (name: string, state: string) => `${name}: ${state}`,
    percent: (name: string, percent: number) => `${name}: ${percent} percent`,
  },
  states: {
    queued: 'queued',
    resolving: 'checking',
    downloading: 'downloading',
    verifying: 'verifying',
    installing: 'installing',
    repairing: 'repairing',
    ready: 'ready and verified',
    paused: 'paused',
    waiting: 'waiting',
    failed: 'stopped',
  },
} as const;
