import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onDisk } from '../errors/cache-error.ts';
import { ensureFolders, replaceAtomically, temporaryPath } from './durable.ts';
import { filePathSegments, INCOMPLETE_SUFFIX } from './layout.ts';
import { notesFolder } from './local-folder.ts';

/** A complete and correct file of a local folder. */
export interface LocalNote {
  /** Path in the repository, with `/`. */
  readonly path: string;
  readonly commit: string;
  /** Hash by which the Hub names the content: its ETag. */
  readonly hash: string;
}

/**
 * Records that a file is correct, as huggingface_hub does (`write_download_metadata` of its `_local_folder.py`):
 * commit, ETag and the time in seconds. It trusts the record while the file is not newer. Throws a disk error.
 */
export async function writeLocalNote(folder: string, note: LocalNote, nowMs: number): Promise<void> {
  const segments = filePathSegments(note.path);
  const parents = await ensureFolders(folder, [
    ...['.cache', 'huggingface', 'download'],
    ...segments.slice(0, -1),
  ]);
  const path = join(parents, `${segments.at(-1)}.metadata`);
  await replaceAtomically(path, temporaryPath(notesFolder(folder)), async (temporary) => {
    await writeFile(temporary, `${note.commit}\n${note.hash}\n${nowMs / 1000}\n`, {
      flag: 'wx',
      flush: true,
    });
  });
}

/** Excludes the metadata from git, as huggingface_hub does. */
export async function hideNotes(folder: string): Promise<void> {
  const notes = notesFolder(folder);
  const path = join(notes, '.gitignore');
  await onDisk('writing', path, async () => {
    await ensureFolders(folder, ['.cache', 'huggingface']);
    if ((await readFile(path, 'utf8').catch(() => null)) === null) {
      await writeFile(path, '*', { flag: 'wx' }).catch(() => undefined);
    }
  });
}

/**
 * Returns what huggingface_hub left unfinished of a file in a local folder: `<16 letters>.<hash>.incomplete` next to
 * its metadata (`LocalDownloadFilePaths.incomplete_path`). None when the folder does not exist.
 */
export async function localPartials(folder: string, path: string, hash: string): Promise<readonly string[]> {
  const place = dirname(join(notesFolder(folder), 'download', ...filePathSegments(path)));
  const names = await readdir(place).catch(() => []);
  return names
    .filter((name) => name.endsWith(`.${hash}${INCOMPLETE_SUFFIX}`))
    .map((name) => join(place, name));
}
