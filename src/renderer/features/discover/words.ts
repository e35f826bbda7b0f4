import { formatBytes, formatBytesOf, formatMemory } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { Fit, Hardware } from '../../../shared/model/hardware.ts';
import type { Platform } from '../../ui/platform.ts';
import type { Remedy } from './preview-remedy.ts';

const THIS_MACHINE: Readonly<Record<Platform, string>> = {
  darwin: 'this Mac',
  linux: 'this computer',
  win32: 'this PC',
};

/** Every text of Discover, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Discover',
  thisMachine: (platform: Platform) => THIS_MACHINE[platform],
  machine: ({ chip, memoryBytes, budgetBytes }: Hardware) =>
    `${chip} · ${formatMemory(memoryBytes)} memory · ${formatBytes(budgetBytes)} for models`,
  translated: 'Running under Rosetta: the numbers are those of the chip.',
  models: 'Models',

  linkLabel: 'Model link or id',
  linkPlaceholder: 'Paste a model link, or type org/name',
  showFiles: 'Show Files',
  linkEmpty: 'Write the id of a model, such as org/name, or paste the address of its page.',

  catalogFailed: 'The list of models could not be read.',
  tryAgain: 'Try Again',

  license: (name: string) => `Licence ${name}`,
  precision: (name: string) => `Precision of ${name}`,
  segment: (variant: string, size: string, fit: string | null) =>
    [variant, size, fit].filter((part) => part !== null).join(', '),
  fit: {
    'runs-well': 'Runs well',
    tight: 'Tight',
    'may-stutter': 'May stutter',
    'wont-fit': "Won't fit",
  } satisfies Readonly<Record<Fit, string>>,
  recommended: (variant: string, platform: Platform) => `${variant} suits ${THIS_MACHINE[platform]} best.`,
  other: (recommended: string, platform: Platform) =>
    `${recommended} would suit ${THIS_MACHINE[platform]} best.`,
  why: 'Why?',
  whyLabel: (name: string) => `Why? What the choice for ${name} is based on`,
  whyTitle: (platform: Platform) => `How it suits ${THIS_MACHINE[platform]}`,
  download: (name: string, variant: string, bytes: number) =>
    `Download ${name} ${variant} · ${formatBytes(bytes)}`,
  resumeDownload: (name: string, variant: string, bytes: number) =>
    `Download the other ${formatBytes(bytes)} of ${name} ${variant}`,
  timeAt: (seconds: number, bytesPerSecond: number) =>
    `${formatDuration(seconds)} at ${formatRate(bytesPerSecond)}`,
  presentPart: (present: number, total: number, platform: Platform) =>
    `${formatBytesOf(present, total)} already on ${THIS_MACHINE[platform]}`,
  here: 'Already here',
  showInLibrary: 'Show in Library',
  through: (variant: string) => `Ready through ${variant}`,
  throughText: (from: string, to: string) => `Runtimes that quantize at load make ${to} from ${from}.`,
  showInDownloads: 'Show in Downloads',
  enterToken: 'Enter Token…',
  progressOf: (name: string) => `Progress of ${name}`,

  previewTitle: (name: string) => `Files of ${name}`,
  previewLoading: (reference: string) => `Asking the Hub what ${reference} is made of…`,
  previewOf: (revision: string, commit: string) => `${revision} · commit ${commit.slice(0, 12)}`,
  files: 'Files',
  fileHere: 'here',
  chunks: (count: number) => (count === 1 ? '1 chunk' : `${count} chunks`),
  fileCount: (chosen: number, all: number) =>
    chosen === all ? (all === 1 ? '1 file' : `All ${all} files`) : `${chosen} of ${all} files`,
  all: 'All',
  none: 'None',
  options: 'Options',
  include: 'Only files that match',
  exclude: 'Without files that match',
  filterHint: 'Patterns such as *.safetensors, separated by commas.',
  profile: 'Connection',
  profiles: {
    usual: 'As in Settings',
    auto: 'Automatic',
    fast: 'Fast line',
    weak: 'Weak line',
    'very-weak': 'Very weak line',
  },
  present: 'Already here',
  toFetch: 'To download',
  free: 'Free on the disk',
  noRoom: (missing: number) =>
    `${formatBytes(missing)} more room is needed. The download waits for it; nothing is lost.`,
  changed: 'What comes is checked against the Hub’s own hashes.',
  remedies: {
    'enter-token': 'Enter Token…',
    'accept-changed': 'Show the Changed Files',
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

/** The usual spelling of a licence id of the Hub. */
export function licenseName(id: string): string {
  const key = id.toLowerCase();
  return (Object.hasOwn(LICENSES, key) ? LICENSES[key] : undefined) ?? id;
}
