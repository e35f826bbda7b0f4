import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small volume of its own, in memory. */
export interface Volume extends Disposable {
  readonly path: string;
  /** Writes a file until not one byte more fits. */
  fill(): Promise<void>;
  /** Deletes what {@link fill} wrote. */
  free(): Promise<void>;
  makeReadOnly(): void;
}

/** Mounts a volume at a folder that is made. Needs the right to mount, see {@link canMount}. */
export function mountVolume(path: string, bytes: number): Volume {
  mkdirSync(path, { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => writeUntilFull(ballast),
    free: () => rm(ballast),
    makeReadOnly: () => run('mount', '-o', 'remount,ro', path),
    [Symbol.dispose]: () => run('umount', '--lazy', path),
  };
}

/** True where this process may mount a volume: Linux, as root or with the right to. */
export function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'haulyard-mount-'));
  try {
    mountVolume(folder, 1 << 20)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

async function writeUntilFull(path: string): Promise<void> {
  const file = await open(path, 'a');
  const block = Buffer.alloc(64 * 1024, 1);
  try {
    for (;;) await file.appendFile(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
