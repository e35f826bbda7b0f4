import { formatBytes } from '../../../shared/format/bytes.ts';
import { formatCount } from '../../../shared/format/count.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { FoundModel, SearchSort } from '../../../shared/model/search.ts';
import type { Platform } from '../../ui/platform.ts';

const THIS: Readonly<Record<Platform, string>> = {
  darwin: 'this Mac',
  linux: 'this computer',
  win32: 'this PC',
};

const FORMATS: Readonly<Record<FoundModel['format'], string | null>> = {
  mlx: 'MLX',
  gguf: 'GGUF',
  safetensors: null,
  pytorch: 'PyTorch',
  onnx: 'ONNX',
  other: null,
};

const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' });

/** Every text of search, in one place. */
export const words = {
  label: 'Search models, or paste a link',
  placeholder: 'Search models, or paste a link',
  showFiles: 'Show Files',
  clear: 'Clear Search',
  tooShort:
    'Type a word of at least two letters, a model ID such as org/name, or paste the address of its page.',
  catalog: 'Recommended models',
  copiedId: 'Model ID copied',
  results: 'Models on Hugging Face',
  filters: 'Filters',
  format: { mlx: 'MLX', gguf: 'GGUF', transformers: 'Transformers' },
  topic: { text: 'Text', speech: 'Speech', image: 'Image' },
  fitsOnly: (platform: Platform) => `Fits ${THIS[platform]}`,
  sort: 'Sort by',
  sorts: {
    downloads: 'Most downloads',
    likes: 'Most likes',
    modified: 'Last updated',
    trending: 'Trending',
  } satisfies Readonly<Record<SearchSort, string>>,
  searching: 'Searching…',
  found: (count: number, isMore: boolean) =>
    `${count}${isMore ? ' or more' : ''} ${count === 1 && !isMore ? 'model' : 'models'} found`,
  none: (text: string) => `No models with “${text}” in their name`,
  noneHint: 'Check the spelling, use fewer words, or remove a filter.',
  noneFits: (platform: Platform) => `None of the models found is known to fit ${THIS[platform]}.`,
  showAll: 'Show All',
  offline: (reason: string) => `${reason} Showing what’s here and what was found before.`,
  limited: (host: string, seconds: number) =>
    `${host} asks for fewer requests. Searching again in ${formatDuration(seconds)}. Downloads aren’t affected.`,
  tryAgain: 'Try Again',
  loadingMore: 'Loading more…',

  version: (name: string) => `Version of ${name}`,
  versionOf: ({ format, precision }: FoundModel) =>
    [FORMATS[format], precision].filter((word) => word !== null).join(' ') || 'Original',
  versionBy: (kind: string, repo: string) => `${kind} · ${repo.slice(0, repo.indexOf('/'))}`,
  facts: (model: FoundModel) =>
    [
      model.task === null ? null : taskName(model.task),
      model.parameters === null ? null : `${formatCount(model.parameters)} parameters`,
      model.license === null ? null : `${model.license} license`,
      model.downloads === null ? null : `${formatCount(model.downloads)} downloads`,
      model.updatedAt === null ? null : `updated ${day.format(new Date(model.updatedAt))}`,
    ]
      .filter((fact) => fact !== null)
      .join(' · '),
  size: ({ bytes, approximate }: FoundModel) =>
    bytes === null ? '' : `${approximate ? 'about ' : ''}${formatBytes(bytes)}`,
  needsAccess: 'Needs access',
  download: 'Download…',
  downloadOf: (name: string) => `Download ${name}…`,
  here: (platform: Platform) => `On ${THIS[platform]}`,
  partlyHere: (platform: Platform) => `Partly on ${THIS[platform]}`,
  showInLibrary: 'Show in Library',
  showInDownloads: 'Show in Downloads',
  more: (count: number) => `and ${count} more`,
} as const;

/** `text-generation` → `Text generation`. */
export function taskName(task: string): string {
  const plain = task.replaceAll('-', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
