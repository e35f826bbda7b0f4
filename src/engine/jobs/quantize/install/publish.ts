import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFile, syncFolder } from '../../../cache/durable.ts';
import { createFreedBytes } from '../../../cache/freed-bytes.ts';
import { removeTree } from '../../../cache/remove-tree.ts';
import { onDisk } from '../../../errors/cache-error.ts';
import { occupantOf } from './made-folder.ts';
import type { Provenance } from './provenance.ts';

/** Writes a small file and syncs it to disk; returns its entry. */
export async function writeSmall(folder: string, name: string, text: string): Promise<WrittenFile> {
  const path = join(folder, name);
  await onDisk('writing', path, async () => {
    const file = await open(path, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return writtenFile(name, text);
}

/** A small file as listed in `haulyard.json`. */
export type WrittenFile = Provenance['written'][number];

/** Returns the entry of a file with this text. */
export function writtenFile(path: string, text: string): WrittenFile {
  const bytes = Buffer.from(text);
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Gives a finished folder its final name: under that name it is always complete. Replaces an earlier build of ours.
 * Throws `PathUnsafe` for anything else at that path.
 */
export async function publish(growing: string, final: string): Promise<void> {
  await onDisk('saving', growing, async () => {
    for (const entry of await readdir(growing, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) await syncFile(path);
      else if (entry.isDirectory()) await syncFolder(path);
    }
  });
  await syncFolder(growing);
  const old = (await occupantOf(final)) === 'nothing' ? null : asideName(final);
  await onDisk('installing', final, async () => {
    if (old !== null) await rename(final, old);
    await rename(growing, final);
  });
  await syncFolder(dirname(final));
  if (old !== null) await removeTree(old, createFreedBytes());
}

const asideName = (final: string): string =>
  `${join(dirname(final), `.${final.slice(dirname(final).length + 1)}`)}.${randomBytes(4).toString('hex')}.old`;
