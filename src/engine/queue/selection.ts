import { AppError } from '../../shared/contract/errors.ts';
import { formatChange } from '../../shared/format/change.ts';
import type { FilePin } from '../../shared/model/catalog.ts';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { globMatcher } from '../../shared/model/glob.ts';
import { editDistance } from '../catalog/nearest.ts';

/** A file as listed by the Hub. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** Glob patterns that select files of a repository. */
export interface FileFilter {
  /** A path must match one pattern of each list; an empty list matches everything. */
  readonly includes: ReadonlyArray<readonly string[]>;
  readonly exclude: readonly string[];
  /** What the user requested. Each entry that names one file or folder must exist; of patterns, one match is enough. */
  readonly each?: readonly string[];
}

/** How many paths are compared with a name that does not exist: enough for a hint, and a negligible amount of work. */
const MAX_COMPARED = 5000;

/**
 * Returns the files that match a filter. Throws `BadRequest` when none matches, or when a file named in `filter.each`
 * does not exist, with suggestions.
 */
export function selectFiles(files: readonly ListedFile[], filter: FileFilter): readonly ListedFile[] {
  const paths = files.map(({ path }) => path);
  const each = filter.each ?? [];
  for (const pattern of each.filter(namesOne)) requireMatch(pattern, each, paths);
  const passes = passesFilter(filter);
  const selected = files.filter(({ path }) => passes(path));
  if (selected.length > 0) return selected;
  for (const pattern of each) requireMatch(pattern, each, paths);
  throw new AppError(
    'BadRequest',
    `None of the ${files.length} files of the repository match the filters. Some of its files: ${paths.slice(0, 5).join(', ') || 'none'}.`,
  );
}

/** True for a path, or a folder with everything below it: no unescaped wildcard. */
function namesOne(pattern: string): boolean {
  return !/[*?[{]/.test(pattern.replace(/\/\*\*$/, '').replaceAll(/\\./g, ''));
}

/** A folder and everything below it count as one entry, of which one match is enough. */
function requireMatch(pattern: string, all: readonly string[], paths: readonly string[]): void {
  const other = pattern.endsWith('/**') ? pattern.slice(0, -'/**'.length) : `${pattern}/**`;
  const matches = matcher(all.includes(other) ? [pattern, other] : [pattern]);
  if (paths.some(matches)) return;
  const written = writtenPath(pattern);
  const near = nearPaths(written, paths);
  const hint =
    near.length > 0
      ? `Did you mean ${near.join(', ')}`
      : `Some of its files: ${paths.slice(0, 5).join(', ') || 'none'}`;
  throw new AppError(
    'BadRequest',
    `No file of the repository matches ${JSON.stringify(written)}. ${hint}?`.replace(
      /(instance: .*)\?$/,
      '$1.',
    ),
    {
      details: { pattern: written.slice(0, 200) },
    },
  );
}

/** Returns what the user wrote: a literal pattern without its escapes. */
function writtenPath(pattern: string): string {
  return pattern
    .replace(/\/\*\*$/, '')
    .replace(/^\//, '')
    .replace(/\\(.)/g, '$1');
}

/**
 * Returns up to three paths whose name, or whole path, resembles the one that was written, ignoring case and wildcards.
 */
function nearPaths(written: string, paths: readonly string[]): readonly string[] {
  const bare = written.replace(/[*?]+/g, '').toLowerCase();
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const wanted = nameOf(bare);
  if (wanted === '') return [];
  const scored = paths.slice(0, MAX_COMPARED).map((path) => {
    const name = nameOf(path);
    const isPart = wanted.length >= 3 && (path.toLowerCase().includes(bare) || name.includes(wanted));
    return { path, distance: isPart ? 0 : editDistance(wanted.slice(0, 100), name.slice(0, 100)) };
  });
  return scored
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ path }) => path);
}

/** Returns whether a path matches a filter. */
export function passesFilter({ includes, exclude }: FileFilter): (path: string) => boolean {
  const included = includes.filter((patterns) => patterns.length > 0).map(matcher);
  const excluded = exclude.length > 0 ? matcher(exclude) : () => false;
  return (path) => included.every((matches) => matches(path)) && !excluded(path);
}

/**
 * A pattern without a slash matches a name in any folder; one that begins with a slash is anchored at the top, and its
 * `*` stays in one folder; one that ends in a slash matches everything below. In every other one `*` crosses folders,
 * as in the Hugging Face tools (Python's fnmatch): `folder/*` is everything in it, however deep.
 */
function matcher(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const below = pattern.endsWith('/') ? `${pattern}**` : pattern;
    if (!below.includes('/')) return globMatcher(`**/${below}`);
    const isAnchored = below.startsWith('/');
    return globMatcher(below.replace(/^\//, ''), { starsCross: !isAnchored });
  });
  return (path) => matchers.some((matches) => matches(path));
}

/** Returns the pattern that matches exactly this path. */
export function literalPattern(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]{}()!+@|"^$]/g, '\\$&')}`;
}

/** A file for which the Hub contradicts the catalog. */
export interface Contradiction {
  readonly path: string;
  readonly what: 'missing' | 'size' | 'checksum';
}

/** Returns the files for which the Hub contradicts the catalog. */
export function contradictions(
  files: readonly ListedFile[],
  pins: readonly FilePin[],
): readonly Contradiction[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return pins.flatMap((pin): readonly Contradiction[] => {
    const { path } = pin;
    const file = byPath.get(path);
    if (!file) return [{ path, what: 'missing' }];
    if (pin.size !== undefined && pin.size !== file.size) return [{ path, what: 'size' }];
    const known = pin.sha256 !== undefined && file.algorithm === 'sha256';
    return known && pin.sha256 !== file.hash ? [{ path, what: 'checksum' }] : [];
  });
}

/** Throws `ChangedUpstream` when the Hub contradicts the catalog. */
export function checkPins(files: readonly ListedFile[], pins: readonly FilePin[], repo: string): void {
  const found = contradictions(files, pins);
  if (found.length === 0) return;
  const paths = (what: Contradiction['what']) =>
    found.flatMap((each) => (each.what === what ? [each.path] : [])).join('\n');
  const facts = {
    differences: found.length,
    missing: paths('missing'),
    otherSize: paths('size'),
    otherChecksum: paths('checksum'),
  };
  throw new AppError(
    'ChangedUpstream',
    `${repo} isn’t what the catalog expects. ${formatChange(facts) ?? ''} Nothing was downloaded.`,
    { details: { ...facts, remedy: 'accept-changed' } },
  );
}
