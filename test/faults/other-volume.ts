import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobPath } from '../../src/engine/cache/layout.ts';
import { openWorld } from '../integration/harness.ts';
import { bytesOf, onlyFile, servedBytes, sha256 } from '../integration/on-disk.ts';
import { canMount, mountVolume } from '../integration/volume.ts';
import { LONGEST_MS, MIB, REPOSITORY, requireRight } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

/** mkfs.xfs makes no smaller ones. The file has holes: it takes a few MB. */
const XFS_BYTES = 400 * MIB;
const MAKE_XFS = 'mkfs.xfs';

/** Finished contents in another cache, which are adopted as the volumes allow. */
export const OTHER_VOLUME: readonly FaultScenario[] = [
  {
    area: 'Rescue',
    fault: 'a finished blob in another cache on another volume (copy)',
    mayCostBytes: 0,
    cannotRun: () => (canMount() ? null : 'needs the right to mount a volume'),
    run: copied,
  },
  {
    area: 'Rescue',
    fault: 'a finished blob in another cache on a volume that can clone (clone)',
    mayCostBytes: 0,
    cannotRun: () => (canMount() && hasXfs() ? null : `needs the right to mount a volume, and ${MAKE_XFS}`),
    run: cloned,
  },
];

function hasXfs(): boolean {
  try {
    execFileSync(MAKE_XFS, ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function copied(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
  return await rescueFrom(
    world,
    join(world.root, '.cache', 'huggingface', 'hub'),
    join(volume.path, 'cache'),
  );
}

async function cloned(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const image = join(world.root, 'image');
  const mount = join(world.root, '.cache');
  await writeFile(image, '');
  await truncate(image, XFS_BYTES);
  execFileSync(MAKE_XFS, ['-q', image], { stdio: 'ignore' });
  mkdirSync(mount, { recursive: true });
  execFileSync('mount', ['-o', 'loop', image, mount]);
  try {
    return await rescueFrom(world, join(mount, 'huggingface', 'hub'), join(mount, 'cache'));
  } finally {
    execFileSync('umount', ['--lazy', mount]);
    rmSync(image);
  }
}

async function rescueFrom(
  world: Awaited<ReturnType<typeof openWorld>>,
  otherCache: string,
  cacheDir: string,
): Promise<Finding> {
  const right = await bytesOf(onlyFile(REPOSITORY));
  const other = blobPath(otherCache, 'somebody/else', sha256(right));
  await mkdir(dirname(other), { recursive: true });
  await writeFile(other, right);
  const before = statSync(other);
  const startedMs = performance.now();
  const engine = await world.open({ cacheDir });
  const { done, failed, events } = await engine.run({ reference: REPOSITORY.id }, { timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  const recoverMs = performance.now() - startedMs;
  await requireRight(done.snapshot, REPOSITORY);
  const after = await stat(other);
  if (after.mtimeMs !== before.mtimeMs || after.nlink !== 1)
    throw new Error('The other file was changed or linked.');
  await engine.close();
  return {
    messages: messagesOf(events),
    recoverMs,
    againBytes: servedBytes(world.hub),
    outcome: 'right file; the other one is as it was',
  };
}
