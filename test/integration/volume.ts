import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
  run('mount', '-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'tmpfs', path);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => writeUntilFull(ballast),
    free: () => rm(ballast),
    makeReadOnly: () => run('mount', '-o', 'remount,ro', path),
    [Symbol.dispose]: () => run('umount', '--lazy', path),
  };
}

/** Programs that make and mount an exFAT volume: Debian's packages exfatprogs and exfat-fuse. */
const EXFAT_PROGRAMS = ['mkfs.exfat', 'mount.exfat-fuse'];

/** True where {@link mountExfat} can work. */
export function canMountExfat(): boolean {
  return canMount() && EXFAT_PROGRAMS.every((program) => spawnSync(program, ['-V']).error === undefined);
}

/**
 * Mounts a volume like those of cameras and USB sticks: it ignores case and has no links. `image` is created next to
 * it.
 */
export function mountExfat(path: string, bytes: number): Disposable {
  const image = `${path}.image`;
  mkdirSync(path, { recursive: true });
  writeFileSync(image, '');
  truncateSync(image, bytes);
  run('mkfs.exfat', image);
  const device = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim();
  const detach = () => {
    run('losetup', '--detach', device);
    rmSync(image);
  };
  try {
    run('mount.exfat-fuse', device, path);
  } catch (error) {
    detach();
    throw error;
  }
  return {
    [Symbol.dispose]: () => {
      run('umount', path);
      detach();
    },
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
