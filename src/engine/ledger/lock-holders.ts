import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Position of SQLite's locks inside a database file: 510 bytes after these two. Source: sqlite.org, os.h. */
const PENDING_BYTE = 0x40000000;
const SHARED_FIRST = PENDING_BYTE + 2;

/**
 * Returns the processes that have a database open. For the rare case that the database is too damaged to name its
 * owner: a connection to one in WAL mode holds a shared lock as long as it exists, even while its process is stopped.
 * Finds nothing where the system does not report locks, and nothing on other computers.
 */
export async function lockHolders(file: string): Promise<readonly number[]> {
  try {
    if (process.platform === 'linux') {
      const [locks, { ino }] = await Promise.all([readFile('/proc/locks', 'utf8'), stat(file)]);
      return sharedLockHolders(locks, ino);
    }
    if (process.platform === 'darwin') return await askLsof(file);
  } catch {
    // No such file, or a system without these sources.
  }
  return [];
}

/**
 * Returns the processes in `/proc/locks` that hold SQLite's shared lock on an inode. A line is `1: POSIX  ADVISORY
 * READ 7919 fe:00:2334747 1073741826 1073742335`. Source: proc_locks(5).
 */
export function sharedLockHolders(locks: string, inode: number): readonly number[] {
  return locks.split('\n').flatMap((line) => {
    const [, kind, , , pid, place, start] = line.trim().split(/\s+/);
    const isHolder =
      kind === 'POSIX' && place?.split(':')[2] === String(inode) && Number(start) === SHARED_FIRST;
    return isHolder ? [Number(pid)] : [];
  });
}

/** `lsof -t` prints one pid per line, and exits with 1 when nobody has the file open. Source: lsof(8). */
async function askLsof(file: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('/usr/sbin/lsof', ['-t', '--', file], { timeout: 5000 });
  return stdout
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number);
}
