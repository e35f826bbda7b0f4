import { basename } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { formatBytes } from '../../../shared/format/bytes.ts';

/** A file of a download that may adopt a partial. */
export interface AdoptingFile {
  readonly path: string;
  readonly size: number;
  readonly hash: string;
  readonly installed: boolean;
}

/** Extensions that browsers, wget wrappers and the Hugging Face tools give to incomplete files. */
const PARTIAL_ENDINGS = /\.(?:part|partial|crdownload|download|incomplete|tmp)$/i;
/** What browsers add to a name that is already taken: `model (1).safetensors`. */
const COUNTED = / \(\d+\)(?=\.[^.]+$|$)/;
/** Firefox puts eight random characters before the extension: `model.vGxh8Wcz.safetensors.part`. */
const SALTED = /\.[\w-]{6,8}(?=\.[^.]+$)/;

/**
 * Picks the file a partial belongs to: the one that was named, else the one whose name or hash the partial carries,
 * else the largest unfinished file it fits into. Throws `BadRequest` when there is none, or more than one of that name.
 */
export function chooseAdoptingFile<T extends AdoptingFile>(
  files: readonly T[],
  partial: { readonly path: string; readonly bytes: number },
  named?: string,
): T {
  const file = named === undefined ? guess(files, partial) : byPath(files, named);
  if (file.installed) throw refuse(`${file.path} is complete, so there is nothing to import.`);
  if (partial.bytes > file.size) {
    throw refuse(
      `${partial.path} has ${formatBytes(partial.bytes)}, but ${file.path} has only ${formatBytes(file.size)}: it is part of another file, or was damaged by another program.`,
    );
  }
  return file;
}

function byPath<T extends AdoptingFile>(files: readonly T[], named: string): T {
  const file = files.find(({ path }) => path === named);
  if (file) return file;
  const known = files.slice(0, 5).map(({ path }) => path);
  throw refuse(`The download has no file ${named}. Some of its files: ${known.join(', ')}.`);
}

function guess<T extends AdoptingFile>(
  files: readonly T[],
  { path, bytes }: { path: string; bytes: number },
): T {
  const names = possibleNames(basename(path));
  const alike = files.filter((file) => names.has(basename(file.path)) || basename(path).includes(file.hash));
  const unfinished = alike.filter(({ installed }) => !installed);
  if (unfinished.length > 1) {
    const paths = unfinished.slice(0, 5).map((file) => file.path);
    throw refuse(`${basename(path)} may belong to several files: ${paths.join(', ')}. Choose one.`);
  }
  const [file] = unfinished.length === 1 ? unfinished : alike;
  if (file) return file;
  const [largest] = files
    .filter((each) => !each.installed && each.size >= bytes)
    .sort((a, b) => b.size - a.size);
  if (largest) return largest;
  throw refuse(`No unfinished file of this download is as large as ${path} (${formatBytes(bytes)}).`);
}

/** Returns the names that the complete file may have, given the name of its partial. */
function possibleNames(name: string): ReadonlySet<string> {
  let stem = name;
  while (PARTIAL_ENDINGS.test(stem)) stem = stem.replace(PARTIAL_ENDINGS, '');
  return new Set([name, stem, stem.replace(COUNTED, ''), stem.replace(SALTED, '')]);
}

function refuse(message: string): AppError {
  return new AppError('BadRequest', `${message} Nothing was changed.`);
}
