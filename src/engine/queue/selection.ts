import { AppError } from '../../shared/contract/errors.ts';
import type { FilePin } from '../../shared/model/catalog.ts';
import type { HashAlgorithm } from '../../shared/model/download.ts';
import { globMatcher } from './glob.ts';

/** A file as the Hub lists it. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

/** Glob patterns that narrow a repository down. */
export interface FileFilter {
  /** Each list must be matched by one of its patterns; an empty list lets everything pass. */
  readonly includes: ReadonlyArray<readonly string[]>;
  readonly exclude: readonly string[];
}

/** The files that a filter lets pass. Throws `BadRequest` when it lets none pass. */
export function selectFiles(files: readonly ListedFile[], filter: FileFilter): readonly ListedFile[] {
  const passes = passesFilter(filter);
  const selected = files.filter(({ path }) => passes(path));
  if (selected.length > 0) return selected;
  const names = files.slice(0, 5).map(({ path }) => path);
  throw new AppError(
    'BadRequest',
    `None of the ${files.length} files of the repository match the filters. It has for instance: ${names.join(', ') || 'nothing'}.`,
  );
}

/** Whether a filter lets a path pass. */
export function passesFilter({ includes, exclude }: FileFilter): (path: string) => boolean {
  const included = includes.filter((patterns) => patterns.length > 0).map(matcher);
  const excluded = exclude.length > 0 ? matcher(exclude) : () => false;
  return (path) => included.every((matches) => matches(path)) && !excluded(path);
}

/**
 * A pattern without a slash matches a name in any folder; one that begins with a slash starts at the top; one that ends in
 * a slash matches everything below.
 */
function matcher(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const below = pattern.endsWith('/') ? `${pattern}**` : pattern;
    return globMatcher(below.includes('/') ? below.replace(/^\//, '') : `**/${below}`);
  });
  return (path) => matchers.some((matches) => matches(path));
}

/** The pattern that matches exactly this path. */
export function literalPattern(path: string): string {
  return `/${path.replaceAll(/[\\*?[\]{}()!+@|"^$]/g, '\\$&')}`;
}

/** What the Hub says otherwise than the catalog, one sentence each. */
export function contradictions(files: readonly ListedFile[], pins: readonly FilePin[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return pins.flatMap((pin) => {
    const file = byPath.get(pin.path);
    if (!file) return [`${pin.path} is no longer there`];
    if (pin.size !== undefined && pin.size !== file.size) {
      return [`${pin.path} has ${file.size} bytes, expected ${pin.size}`];
    }
    const known = pin.sha256 !== undefined && file.algorithm === 'sha256';
    return known && pin.sha256 !== file.hash ? [`${pin.path} has another SHA-256 than expected`] : [];
  });
}

/** Throws `ChangedUpstream` when the Hub contradicts the catalog. */
export function checkPins(files: readonly ListedFile[], pins: readonly FilePin[], repo: string): void {
  const found = contradictions(files, pins);
  if (found.length === 0) return;
  throw new AppError(
    'ChangedUpstream',
    `${repo} is not what the catalog expects: ${found.slice(0, 3).join('; ')}. Nothing was downloaded. ` +
      'If you trust the change, go on with --accept-changed.',
    { details: { differences: found.length } },
  );
}
