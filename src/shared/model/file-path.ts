import { AppError } from '../contract/errors.ts';

/** Longest accepted path in UTF-16 units; macOS allows 1024 bytes for a whole path, most tools less. */
const MAX_PATH_LENGTH = 1000;
/** Most names in a path. Code that walks a snapshot goes exactly as deep. */
export const MAX_PATH_DEPTH = 64;
/** NAME_MAX of APFS, ext4 and NTFS-like file systems, in bytes of UTF-8. */
const MAX_SEGMENT_BYTES = 255;
const MAX_SHOWN = 120;

/** How the disk treats names. */
export interface FilePathOptions {
  readonly caseInsensitive: boolean;
  /** Windows reserves some names for devices and forbids some characters in a name. */
  readonly onWindows?: boolean;
}

/**
 * Checks a file path named by a server. Such a path is joined to a folder of this disk, so everything that could leave
 * that folder, or that cannot be a file name on some system we run on, is rejected.
 *
 * Throws `PathUnsafe`.
 */
export function checkFilePath(path: string, { onWindows = false }: Partial<FilePathOptions> = {}): void {
  const problem = pathProblem(path) ?? (onWindows ? windowsProblem(path) : null);
  if (problem === null) return;
  throw new AppError('PathUnsafe', `The file name ${shown(path)} isn’t safe to write: ${problem}.`, {
    details: { path: shown(path) },
  });
}

/**
 * Checks each path with {@link checkFilePath}, and that all of them can coexist: no path twice, and no path that is
 * also the folder of another one. With `caseInsensitive`, names that differ only by case or by Unicode normal form
 * collide too, as they do on a default macOS or Windows volume.
 *
 * Throws `PathUnsafe` naming both paths.
 */
export function checkFilePaths(paths: readonly string[], options: FilePathOptions): void {
  for (const path of paths) checkFilePath(path, options);
  // NUL is rejected above and sorts before everything, so whatever lies inside a folder follows it directly.
  const sorted = paths
    .map((path) => ({ path, key: (options.caseInsensitive ? folded(path) : path).replaceAll('/', '\0') }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  let previous: { path: string; key: string } | undefined;
  for (const entry of sorted) {
    if (previous !== undefined) checkNeighbours(previous, entry);
    previous = entry;
  }
}

function checkNeighbours(a: { path: string; key: string }, b: { path: string; key: string }): void {
  const same = a.key === b.key;
  if (!same && !b.key.startsWith(`${a.key}\0`)) return;
  const why = same ? 'would be the same file' : 'would be a file and a folder of the same name';
  throw new AppError('PathUnsafe', `The files ${shown(a.path)} and ${shown(b.path)} ${why} on this disk.`, {
    details: { path: shown(a.path), other: shown(b.path) },
  });
}

function pathProblem(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.length > MAX_PATH_LENGTH) return `it is longer than ${MAX_PATH_LENGTH} characters`;
  if (!path.isWellFormed()) return 'it is not valid Unicode';
  for (const character of path) if (isControl(character)) return 'it has a control character in it';
  if (path.includes('\\')) return 'it has a backslash in it';
  if (path.startsWith('/')) return 'it is an absolute path';
  if (/^[A-Za-z]:/.test(path)) return 'it begins with a drive letter';
  const segments = path.split('/');
  if (segments.length > MAX_PATH_DEPTH) return `it lies in more than ${MAX_PATH_DEPTH} folders`;
  for (const segment of segments) {
    if (segment === '') return 'a part of it is empty';
    // Windows drops trailing dots and spaces, which turns `.. ` into `..`.
    if (/^[. ]+$/.test(segment)) return 'a part of it is made of dots or spaces only';
    if (utf8Length(segment) > MAX_SEGMENT_BYTES)
      return `a part of it is longer than ${MAX_SEGMENT_BYTES} bytes`;
  }
  return null;
}

/** Names of devices, with any extension (Microsoft, “Naming Files, Paths, and Namespaces”). */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

function windowsProblem(path: string): string | null {
  for (const segment of path.split('/')) {
    if (DEVICE.test(segment)) return 'Windows has a device of that name';
    if (/[<>:"|?*]/.test(segment)) return 'Windows can’t have one of its characters in a name';
    if (/[. ]$/.test(segment)) return 'Windows drops the dot or space at its end';
  }
  return null;
}

/** C0, DEL and C1. */
function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

/** Returns a normalized name: names that a case-insensitive, normalizing volume considers equal become equal. */
function folded(path: string): string {
  return path.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Returns the length of the text in UTF-8 (RFC 3629), without a platform encoder: this layer has none. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

/** Makes a hostile name fit for a message: short, and without anything that moves a terminal's cursor. */
function shown(path: string): string {
  let text = '';
  for (const character of path.slice(0, MAX_SHOWN).toWellFormed()) {
    text += isControl(character) ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character;
  }
  return `"${text}${path.length > MAX_SHOWN ? '…' : ''}"`;
}
