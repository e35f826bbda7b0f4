import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { makePrivateFolder, ownerFilePlaces, thisSource } from './address.ts';
import { type OwnerFile, ownerFileSchema } from './protocol.ts';

const MAX_BYTES = 16 * 1024;

/**
 * Writes the file that tells guests where the owner listens. Readable for this user alone from the moment it exists.
 * Returns the path; throws when there is no place that others cannot read.
 */
export async function writeOwnerFile(dataDir: string, owner: OwnerFile): Promise<string> {
  let failure: unknown = null;
  for (const { path, folder } of ownerFilePlaces(thisSource(dataDir))) {
    try {
      if (folder !== null) await makePrivateFolder(folder);
      await replace(path, JSON.stringify(owner));
      if ((await readOwnerFileAt(path))?.secret === owner.secret) return path;
      await rm(path, { force: true });
    } catch (error) {
      failure = error;
    }
  }
  throw failure ?? new Error('every file of this volume can be read by others');
}

async function replace(path: string, text: string): Promise<void> {
  const next = `${path}.${process.pid}`;
  await rm(next, { force: true });
  const file = await open(next, 'wx', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(next, path);
}

/**
 * Reads the owner's file. Returns null when nobody listens, or when the file was not written by a program of this user.
 */
export async function readOwnerFile(dataDir: string): Promise<OwnerFile | null> {
  for (const { path } of ownerFilePlaces(thisSource(dataDir))) {
    const file = await readOwnerFileAt(path);
    if (file !== null) return file;
  }
  return null;
}

async function readOwnerFileAt(path: string): Promise<OwnerFile | null> {
  try {
    const there = await lstat(path);
    if (!there.isFile() || there.size > MAX_BYTES || !isPrivate(there)) return null;
    const parsed = ownerFileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // It does not exist, or is being replaced: there is no owner to talk to at this moment.
  }
}

/** Removes the file, unless another run has replaced it. */
export async function removeOwnerFile(path: string, secret: string): Promise<void> {
  if ((await readOwnerFileAt(path))?.secret === secret) await rm(path, { force: true });
}

/**
 * True for a file of ours that others can neither read nor write. Windows stores permissions elsewhere: the folder of
 * the user protects it.
 */
function isPrivate({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
}
