import { formatBytes, formatBytesOf, formatMemory } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { Hardware } from '../../../shared/model/hardware.ts';
import type { Platform } from '../../ui/platform.ts';
import { VERDICT_WORDS } from '../fit/words.ts';
import type { VariantMark } from './card-state.ts';
import type { Remedy } from './preview-remedy.ts';

const THIS_MACHINE: Readonly<Record<Platform, string>> = {
  darwin: 'this Mac',
  linux: 'this computer',
  win32: 'this PC',
};

/** Every text of Discover, in one place, so that another language is another object of this shape. */
export const words = {
  copiedId: 'Model ID copied',
  title: 'Discover',
  thisMachine: (platform: Platform) => THIS_MACHINE[platform],
  machine: ({ chip, memoryBytes, budgetBytes }: Hardware) =>
    `${chip} · ${formatMemory(memoryBytes)} memory · ${formatBytes(budgetBytes)} for models`,
  translated: 'Haulyard is running under Rosetta. These numbers are for the chip itself.',
  models: 'Models',

  catalogFailed: 'The list of models can’t be read.',
  tryAgain: 'Try Again',

  license: (name: string) => `License: ${name}`,
  precision: (name: string) => `Precision of ${name}`,
  segment: (variant: string, size: string, verdict: string | null, mark: string | null) =>
    [variant, size, verdict, mark].filter((part) => part !== null).join(', '),
  verdict: VERDICT_WORDS,
  mark: {
    coming: 'downloading',
    making: 'being made here',
    here: 'on this computer',
    makeable: 'can be made here',
  } satisfies Readonly<Record<NonNullable<VariantMark>, string>>,
  recommended: (variant: string, platform: Platform) =>
    `${variant} is the best choice for ${THIS_MACHINE[platform]}.`,
  other: (recommended: string, platform: Platform) =>
    `${recommended} would be the best choice for ${THIS_MACHINE[platform]}.`,
  needsAppleSilicon: 'Runs on Macs with Apple silicon only. You can still download it.',
  why: 'Why?',
  whyLabel: (name: string) => `Why? The numbers behind the choice for ${name}`,
  whyTitle: (platform: Platform) => `How it runs on ${THIS_MACHINE[platform]}`,
  download: (name: string, variant: string, bytes: number) =>
    `Download ${name} ${variant} · ${formatBytes(bytes)}`,
  finishDownload: (name: string, variant: string, bytes: number) =>
    `Finish Downloading ${name} ${variant} · ${formatBytes(bytes)}`,
  timeAt: (seconds: number, bytesPerSecond: number) =>
    `${formatDuration(seconds)} at ${formatRate(bytesPerSecond)}`,
  presentPart: (present: number, total: number, platform: Platform) =>
    `${formatBytesOf(present, total)} already on ${THIS_MACHINE[platform]}`,
  here: (platform: Platform) => `On ${THIS_MACHINE[platform]}`,
  storedAs: (type: string) => `stored as ${type}`,
  showInLibrary: 'Show in Library',
  showInDownloads: 'Show in Downloads',
  enterToken: 'Enter Token…',
  progressOf: (name: string) => `Progress of ${name}`,

  previewTitle: (name: string) => `Files of ${name}`,
  previewLoading: (reference: string) => `Getting the list of files of ${reference}…`,
  previewOf: (revision: string, commit: string) => `${revision} · commit ${commit.slice(0, 12)}`,
  files: 'Files',
  fileHere: 'already here',
  filePart: (bytes: number) => `${formatBytes(bytes)} here`,
  fileCount: (chosen: number, all: number) =>
    chosen === all ? (all === 1 ? '1 file' : `All ${all} files`) : `${chosen} of ${all} files`,
  all: 'All',
  none: 'None',
  options: 'Options',
  include: 'Only files that match',
  exclude: 'Skip files that match',
  filterHint: 'Patterns such as *.safetensors, separated by commas.',
  includeExample: '*.safetensors, config.json',
  excludeExample: '*.md, docs/',
  profile: 'Connection',
  profiles: {
    usual: 'As in Settings',
    auto: 'Automatic',
    fast: 'Fast connection',
    weak: 'Slow connection',
    'very-weak': 'Unreliable connection',
  },
  present: 'Already here',
  toFetch: 'To download',
  free: 'Free on the disk',
  noRoom: (missing: number) =>
    `Not enough space: free up ${formatBytes(missing)}. The download will wait until there is.`,
  changed: 'Each file is checked against its checksum on Hugging Face.',
  remedies: {
    'enter-token': 'Enter Token…',
    'accept-changed': 'Review Changed Files',
    'try-again': 'Try Again',
  } satisfies Readonly<Record<Remedy, string>>,
  acceptChanged: (bytes: number) => `Accept and Download ${formatBytes(bytes)}`,
  start: (bytes: number) => `Download ${formatBytes(bytes)}`,
  nothingToFetch: 'Add to Downloads',
  cancel: 'Cancel',
  close: 'Close',
} as const;

const LICENSES: Readonly<Record<string, string>> = {
  'cc-by-4.0': 'CC BY 4.0',
  'cc-by-nc-4.0': 'CC BY-NC 4.0',
  'apache-2.0': 'Apache 2.0',
  mit: 'MIT',
};

/** The usual spelling of a license id of the Hub. */
export function licenseName(id: string): string {
  const key = id.toLowerCase();
  return (Object.hasOwn(LICENSES, key) ? LICENSES[key] : undefined) ?? id;
}
