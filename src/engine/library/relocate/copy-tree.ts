import { lstat, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/contract/errors.ts';
import { throwIfAborted } from '../../cache/abort.ts';
import { lstatOrNull, syncFolder } from '../../cache/durable.ts';
import { onDisk } from '../../errors/cache-error.ts';
import { algorithmOf, hashFile } from '../../integrity/hash-file.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { Tree, TreeFile } from './list-tree.ts';

/** Bytes per read: few calls for a large file, and an abort is noticed within milliseconds. */
const COPY_BYTES = 4 * 1024 * 1024;
/** Suffix of a file that is not copied and verified yet. */
const PART_SUFFIX = '.part';

/** Dependencies of copying. */
export interface CopyDeps {
  readonly hasher: HashPool;
  readonly signal: AbortSignal;
  /** Whether the target's volume has links. */
  readonly symlinks: boolean;
  /** Called with the current file, and the bytes of all files copied and verified so far. */
  readonly onProgress: (path: string, doneBytes: number) => void;
}

/**
 * Copies a repository's folder to `target`. A file gets its name there once its copy was read back and has the hash
 * that the cache names it by (or that its source has), so the next attempt after a kill continues with what is missing;
 * a partial file is continued from its length. On a volume without links, a content is put where links would show it.
 *
 * Throws `HashMismatch` for a source that does not match its name; it was damaged before.
 */
export async function copyTree(folder: string, target: string, tree: Tree, deps: CopyDeps): Promise<void> {
  const { files, links } = deps.symlinks ? tree : withoutLinks(folder, tree);
  let doneBytes = 0;
  const folders = new Set<string>([target]);
  for (const file of files) {
    const to = join(target, file.path);
    folders.add(dirname(to));
    await onDisk('copying to', to, async () => {
      await mkdir(dirname(to), { recursive: true });
      await copyVerified(file, to, (bytes) => deps.onProgress(file.path, doneBytes + bytes), deps);
    });
    doneBytes += file.bytes;
  }
  for (const { path, text } of links) {
    const to = join(target, path);
    folders.add(dirname(to));
    await onDisk('linking', to, async () => {
      await mkdir(dirname(to), { recursive: true });
      if ((await lstatOrNull(to)) === null) await symlink(text, to, 'file');
    });
  }
  for (const each of folders) await syncFolder(each);
}

/** Replaces each link by the content it shows; a content that is shown need not be among the blobs as well. */
function withoutLinks(folder: string, { files, links }: Tree): Tree {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const shown = new Set(links.map(({ target }) => target));
  const copies = links.flatMap(({ path, target }): readonly TreeFile[] => {
    const file = byPath.get(target);
    return file === undefined ? [] : [{ ...file, path, source: join(folder, target) }];
  });
  return { files: [...files.filter(({ path }) => !shown.has(path)), ...copies], links: [] };
}

async function copyVerified(
  file: TreeFile,
  to: string,
  onProgress: (bytes: number) => void,
  deps: CopyDeps,
): Promise<void> {
  const there = await lstatOrNull(to);
  if (there?.isFile() === true && there.size === file.bytes) return;
  const part = `${to}${PART_SUFFIX}`;
  const expected = file.hash ?? (await hashOf(file.source, file, deps));
  const isRight = async () => {
    await append(file, part, onProgress, deps.signal);
    if ((await hashOf(part, file, deps)) === expected) return true;
    await rm(part, { force: true });
    return false;
  };
  const isContinued = (await lstatOrNull(part)) !== null;
  // What a power failure left of an earlier copy may be anything.
  if (!(await isRight()) && !(isContinued && (await isRight()))) {
    const isSource = (await hashOf(file.source, file, deps)) !== expected;
    throw new AppError(
      'HashMismatch',
      isSource
        ? `${file.source} doesn’t match its checksum, so the model wasn’t moved. It is where it was.`
        : `The copy of ${file.source} doesn’t match its checksum. The disk may be failing. The model is where it was.`,
      { retryable: !isSource, details: { path: file.source, ...(isSource ? { remedy: 'repair' } : {}) } },
    );
  }
  await rename(part, to);
}

/** Copies what an interrupted copy lacks, and syncs it to disk. */
async function append(
  { source, bytes }: TreeFile,
  part: string,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const begun = (await lstat(part).catch(() => null))?.size ?? 0;
  if (begun > bytes) await rm(part);
  const from = await open(source, 'r');
  const to = await open(part, 'a');
  try {
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(COPY_BYTES, bytes)));
    for (let at = begun > bytes ? 0 : begun; at < bytes; ) {
      throwIfAborted(signal);
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, bytes - at), at);
      if (bytesRead === 0) throw new AppError('BadRequest', `${source} became shorter while it was copied.`);
      for (let written = 0; written < bytesRead; ) {
        written += (await to.write(buffer, written, bytesRead - written)).bytesWritten;
      }
      at += bytesRead;
      onProgress(at);
    }
    await to.sync();
  } finally {
    await from.close();
    await to.close();
  }
}

function hashOf(path: string, { bytes, hash }: TreeFile, { hasher, signal }: CopyDeps): Promise<string> {
  const algorithm = hash === null ? 'sha256' : algorithmOf(hash);
  return hashFile({ path, size: bytes, algorithm, onProgress: () => undefined }, hasher, signal);
}
