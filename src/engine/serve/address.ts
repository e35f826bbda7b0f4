import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Longest path of a socket, in bytes. macOS allows 103 and Linux 107 (`sun_path` in sys/un.h), and both silently
 * truncate a longer one; this leaves a margin of three.
 */
export const MAX_SOCKET_PATH_BYTES = 100;

/** Name of the socket inside the data folder. */
export const SOCKET_FILE = 'engine.sock';

/** Name of the file inside the data folder by which guests find the owner. */
export const OWNER_FILE = 'engine.json';

/** What the locations depend on. */
export interface AddressSource {
  readonly dataDir: string;
  readonly platform: NodeJS.Platform;
  readonly temporaryFolder: string;
  /** Distinguishes users in the temporary folder that all share. */
  readonly user: string;
}

/** A location for something that guests look for. */
export interface Place {
  readonly path: string;
  /** A folder to be created for it, for this user alone; null if it exists. */
  readonly folder: string | null;
}

/** Describes this process. */
export function thisSource(dataDir: string): AddressSource {
  const user = process.getuid === undefined ? userInfo().username : String(process.getuid());
  return { dataDir, platform: process.platform, temporaryFolder: tmpdir(), user };
}

/**
 * Returns where the owner of a data folder may listen, the best location first: in the folder; in one of ours below the
 * temporary folder, for paths that are too long and for volumes without sockets. On Windows the name of a pipe, which
 * is not in a folder.
 */
export function socketPlaces(source: AddressSource): readonly Place[] {
  if (source.platform === 'win32') return [{ path: `\\\\.\\pipe\\haulyard-${nameOf(source)}`, folder: null }];
  return [{ path: join(source.dataDir, SOCKET_FILE), folder: null }, ...elsewhere(source, 'sock')].filter(
    ({ path }) => Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES,
  );
}

/**
 * Returns where the owner leaves its file for guests: in the data folder; elsewhere for volumes on which every file is
 * everybody's.
 */
export function ownerFilePlaces(source: AddressSource): readonly Place[] {
  return [{ path: join(source.dataDir, OWNER_FILE), folder: null }, ...elsewhere(source, 'json')];
}

function elsewhere(source: AddressSource, extension: string): readonly Place[] {
  const { temporaryFolder, user, platform } = source;
  const folders = platform === 'win32' ? [temporaryFolder] : [temporaryFolder, '/tmp'];
  return [...new Set(folders)].map((temporary) => {
    const folder = join(temporary, `haulyard-${user}`);
    return { path: join(folder, `${nameOf(source).slice(0, 16)}.${extension}`), folder };
  });
}

/** One name for each data folder. */
const nameOf = ({ dataDir }: AddressSource) =>
  createHash('sha256').update(dataDir).digest('hex').slice(0, 32);

/**
 * Creates the folder of a socket outside the data folder, for this user alone. Throws when it exists and is not
 * private: somebody else created it to intercept connections.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  if (process.getuid === undefined) return void (await mkdir(folder, { recursive: true }));
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const made = await lstat(folder);
  const isOurs = made.isDirectory() && made.uid === process.getuid() && (made.mode & 0o077) === 0;
  if (!isOurs) throw new Error(`${folder} is not a folder of this user alone`);
}
