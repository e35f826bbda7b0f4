import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandEnd, runCommand } from '../measure/run-command.ts';

/**
 * The minimum for a program that builds and verifies such a file, with system tools on two cores: one reads the source
 * and writes the output, the other hashes the source at the same time; then the output is read again and hashed. The
 * arithmetic is free.
 */
const FLOOR = `
set -e
openssl dgst -sha256 "$1" > /dev/null &
dd if="$1" of=/dev/null bs=8M status=none
dd if="$2" of="$3" bs=8M conv=fsync status=none
wait
openssl dgst -sha256 "$3" > /dev/null
`;

/** Takes a file out of the page cache. */
const FORGET = 'dd if="$1" iflag=nocache count=0 status=none';

/** Runs the floor once. `made` is an output of the right size; a copy of it is written into `folder` and removed. */
export async function runFloor(
  source: string,
  made: string,
  folder: string,
  limitSeconds: number,
): Promise<CommandEnd> {
  const copy = join(folder, 'floor-output');
  const argv = ['sh', '-c', FLOOR, 'floor', source, made, copy];
  try {
    return await runCommand({ argv, limitSeconds }, join(folder, 'floor-usage'));
  } finally {
    await rm(copy, { force: true });
  }
}

/** Makes the next reader of a file wait for the disk. */
export async function forgetPages(file: string, folder: string): Promise<void> {
  const argv = ['sh', '-c', FORGET, 'forget', file];
  const { code, errors } = await runCommand({ argv, limitSeconds: 60 }, join(folder, 'forget-usage'));
  if (code !== 0) throw new Error(`The page cache keeps ${file}: ${errors}`);
}
