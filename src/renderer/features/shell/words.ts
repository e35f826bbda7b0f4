import { formatDuration } from '../../../shared/format/duration.ts';

/** Every text of the window's frame, in one place, so that another language is another object of this shape. */
export const words = {
  app: 'Haulyard',
  navigation: 'Sections',
  sections: { discover: 'Discover', downloads: 'Downloads', library: 'Library', settings: 'Settings' },
  activeCount: (count: number) => (count === 1 ? '1 active download' : `${count} active downloads`),

  totals: 'All downloads',
  downloads: (count: number) => (count === 1 ? '1 download' : `${count} downloads`),
  waiting: 'Waiting',
  pausedCount: (count: number) => `${count} paused`,

  engineStarting: 'Starting the download engine…',
  engineRestarting: (seconds: number) =>
    seconds > 0
      ? `The download engine stopped. What was downloaded is safe. Starting it again in ${formatDuration(seconds)}.`
      : 'The download engine stopped. What was downloaded is safe. Starting it again now.',
  engineFailed: 'The download engine does not start. What was downloaded is safe.',
  engineStopped: 'The download engine was stopped. Downloads go on when the app is opened next time.',
  tryAgain: 'Try Again',

  crashedTitle: 'This view could not be shown',
  crashedText: 'Your downloads are not touched by this: they go on. Load the window again to see them.',
  reload: 'Load Again',

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
    ready: 'ready, every byte was checked',
    paused: 'paused',
    waiting: 'waiting',
    failed: 'stopped',
  },
} as const;
