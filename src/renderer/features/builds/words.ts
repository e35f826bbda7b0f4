import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatDay } from '../../../shared/format/day.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { BuildState } from '../../../shared/model/build.ts';
import type { Platform } from '../../ui/platform.ts';

const THIS_MACHINE: Readonly<Record<Platform, string>> = {
  darwin: 'this Mac',
  linux: 'this computer',
  win32: 'this PC',
};

/** Every text about builds. */
export const words = {
  make: (variant: string) => `Make ${variant} Here`,
  fromHere: (from: string, bytes: number, seconds: number | null, platform: Platform) =>
    [
      `From the ${from} on ${THIS_MACHINE[platform]}`,
      formatBytes(bytes),
      ...(seconds === null ? [] : [`about ${formatDuration(seconds)}`]),
      'no download',
    ].join(' · '),
  noRoom: (missing: number) =>
    `Not enough space: free up ${formatBytes(missing)}. Making it will wait until there is.`,
  downloadInstead: (variant: string, bytes: number, time: string | null) =>
    `Download ${variant} Instead (${[formatBytes(bytes), time].filter((part) => part !== null).join(', ')})`,
  timeAt: (seconds: number) => `${formatDuration(seconds)} at your speed`,
  canBeMadeLater: (variant: string, from: string) => `${variant} can be made here when ${from} is ready.`,
  makeThen: (variant: string, from: string) => `Make ${variant} as soon as ${from} is ready`,

  phases: {
    queued: 'Waiting for its turn',
    planning: 'Reading the source',
    making: 'Making',
    verifying: 'Verifying',
    installing: 'Installing',
    ready: 'Ready',
    paused: 'Paused',
    waiting: 'Waiting',
    failed: 'Stopped',
  } satisfies Readonly<Record<BuildState, string>>,
  amount: (read: number, total: number, written: number) =>
    `${formatBytesOf(read, total)} read · ${formatBytes(written)} written`,
  verified: (hashed: number, total: number) => `${formatBytesOf(hashed, total)} verified`,
  rate: formatRate,
  timeLeft: (seconds: number) => `${formatDuration(seconds)} left`,
  madeFrom: (from: string) => `made here from ${from}`,
  progressOf: (name: string) => `Making ${name}`,
  spoken: (percent: number, phase: string, left: string | null) =>
    [`${percent} percent`, phase.toLowerCase(), left].filter((part) => part !== null).join(', '),
  pause: (name: string) => `Pause ${name}`,
  resume: (name: string) => `Resume ${name}`,
  tryAgain: 'Try Again',
  cancel: (name: string) => `Cancel Making ${name}`,
  cancelTitle: (name: string) => `Stop making ${name}?`,
  cancelText: (written: number) =>
    written === 0
      ? 'Nothing has been written yet. The model it is made from stays.'
      : `${formatBytes(written)} made so far will be deleted. The model it is made from stays.`,
  keepMaking: 'Keep Making',
  stopMaking: 'Stop and Delete',
  tryNow: 'Try Now',
  showInDownloads: 'Show in Downloads',
  showInLibrary: 'Show in Library',

  list: 'Being made here',
  libraryList: 'Made here',
  made: (from: string, sha256: string, madeAt: string) =>
    `made here from ${from} ${sha256.slice(0, 8)}… on ${formatDay(madeAt)}`,
  incomplete: 'A file of it is missing or has another length.',
  intact: 'checked',
  damaged: 'Damaged. Make it again.',
  verify: 'Verify',
  verifying: 'Checking…',
  remove: 'Remove…',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: (bytes: number, from: string) =>
    `${formatBytes(bytes)} are freed. It can be made again as long as ${from} is here.`,
  removeConfirm: (bytes: number) => `Remove and Free ${formatBytes(bytes)}`,
  removed: (name: string, bytes: number) => `${name} was removed: ${formatBytes(bytes)} are free again.`,
  copied: 'The command that loads it was copied.',
  copiedPath: 'The path was copied.',
  more: (name: string) => `More for ${name}`,

  readyTitle: (name: string) => `${name} is ready`,
  readyText: (from: string, bytes: number) =>
    `The ${from} (${formatBytes(bytes)}) is no longer needed to run it.`,
  whatIsLost: (others: readonly string[], from: string, bytes: number) =>
    others.length === 0
      ? `To have ${from} again it would have to be downloaded (${formatBytes(bytes)}).`
      : `To make ${others.join(' or ')} later, ${from} would have to be downloaded again (${formatBytes(bytes)}).`,
  keepSource: (from: string) => `Keep ${from}`,
  done: 'Done',
  removeSource: (from: string) => `Remove ${from}…`,
} as const;
