import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../src/shared/contract/errors.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { openWorld, type TestEngine, type World } from '../integration/harness.ts';
import { servedBytes } from '../integration/on-disk.ts';
import { weights } from '../integration/repositories.ts';
import { canMount, canMountExfat, mountExfat, mountVolume, type Volume } from '../integration/volume.ts';
import { againBytes, downloadThrough, LONGEST_MS, MIB, REPOSITORY, requireRight } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

const reference = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 1_500_000 } };
const cannotMount = () => (canMount() ? null : 'needs the right to mount a volume');

const cannotMountExfat = () =>
  canMountExfat() ? null : 'needs the right to mount a volume, exfatprogs and exfat-fuse';
const EXFAT_BYTES = 64 * MIB;
const SAME_BUT_FOR_CASE = {
  id: 'org/case',
  files: [weights('Model.safetensors', MIB), weights('model.safetensors', MIB)],
};

interface OnVolume {
  /** Where the volume is mounted: under the cache or under the ledger. */
  readonly under?: 'cache' | 'data';
  readonly bytes?: number;
  readonly beforeStart?: (volume: Volume, world: World) => Promise<unknown>;
  /** When one chunk is there. */
  readonly inTheMiddle?: (volume: Volume, world: World) => Promise<unknown>;
  readonly mend: (volume: Volume, world: World) => Promise<unknown>;
}

const onVolume = (name: string, plan: OnVolume): FaultScenario => ({
  area: 'Disk',
  fault: name,
  mayCostBytes: 2 * MIB,
  cannotRun: cannotMount,
  run: () => throughVolume(plan),
});

/** Volumes that are full, gone, or less able than others. */
export const DISK: readonly FaultScenario[] = [
  onVolume('the disk full before the start', {
    beforeStart: (volume) => volume.fill(),
    mend: (volume) => volume.free(),
  }),
  onVolume('the disk full in the middle', {
    inTheMiddle: (volume) => volume.fill(),
    mend: (volume) => volume.free(),
  }),
  onVolume('no room for new folders while finishing (out of inodes)', {
    inTheMiddle: useUpInodes,
    mend: async ({ path }) => execFileSync('mount', ['-o', 'remount,nr_inodes=1000', path]),
  }),
  onVolume('the ledger’s disk full while it commits', {
    under: 'data',
    bytes: 8 * MIB,
    inTheMiddle: (volume) => volume.fill(),
    mend: (volume) => volume.free(),
  }),
  {
    ...onVolume('the volume unmounted in the middle, and back', { mend: async () => undefined }),
    run: unmounted,
  },
  { ...onVolume('a volume that can only be read', { mend: async () => undefined }), run: readOnly },
  {
    area: 'Disk',
    fault: 'a file system without symbolic links, told by the environment',
    mayCostBytes: 0,
    run: () => downloadThrough({ engine: { env: { HF_HUB_DISABLE_SYMLINKS: '1' } } }),
  },
  {
    area: 'Disk',
    fault: 'a file system without symbolic links (exFAT)',
    mayCostBytes: 0,
    cannotRun: cannotMountExfat,
    run: () => onExfat(REPOSITORY),
  },
  {
    area: 'Disk',
    fault: 'names that differ only by case, on a volume that ignores case (exFAT)',
    mayCostBytes: 0,
    cannotRun: cannotMountExfat,
    run: () => onExfat(SAME_BUT_FOR_CASE, 'PathUnsafe'),
  },
  {
    area: 'Disk',
    fault: 'a file name of 255 bytes',
    mayCostBytes: 0,
    run: () =>
      downloadThrough({ repository: { id: 'org/long', files: [weights(`${'é'.repeat(127)}x`, 2 * MIB)] } }),
  },
  {
    area: 'Disk',
    fault: 'a path of 1,000 characters',
    mayCostBytes: 0,
    run: () =>
      downloadThrough({
        repository: {
          id: 'org/deep',
          files: [
            weights(
              Array.from({ length: 10 }, () => 'x'.repeat(99))
                .join('/')
                .padEnd(1000, 'y'),
              2 * MIB,
            ),
          ],
        },
      }),
  },
];

async function throughVolume({
  under = 'cache',
  bytes = 32 * MIB,
  beforeStart,
  inTheMiddle,
  mend,
}: OnVolume): Promise<Finding> {
  await using world = await openWorld([REPOSITORY], SLOW);
  using volume = mountVolume(under === 'data' ? world.dataDir : join(world.root, 'volume'), bytes);
  await beforeStart?.(volume, world);
  const engine = await world.open(under === 'data' ? {} : { cacheDir: join(volume.path, 'cache') });
  const id = await engine.add({ reference, workers: 1 });
  if (inTheMiddle) {
    await engine.waitFor('progress', ({ chunksDone }) => chunksDone >= 1, { timeoutMs: LONGEST_MS });
    await inTheMiddle(volume, world);
  }
  await engine.waitFor('progress', ({ state }) => state === 'waiting', { timeoutMs: LONGEST_MS });
  return await mended(world, engine, id, () => mend(volume, world));
}

/** From the moment at which there is space again it must continue by itself. */
async function mended(
  world: World,
  engine: TestEngine,
  id: string,
  mend: () => Promise<unknown>,
): Promise<Finding> {
  const startedMs = performance.now();
  await mend();
  const { done, failed, events } = await engine.ended(id, { timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  const recoverMs = performance.now() - startedMs;
  await requireRight(done.snapshot, REPOSITORY);
  await engine.close();
  return {
    messages: messagesOf(events),
    recoverMs,
    againBytes: againBytes(world, REPOSITORY),
    outcome: 'waits, goes on by itself; right file',
  };
}

/** Leaves room for bytes, and none for another name. */
async function useUpInodes({ path }: Volume): Promise<void> {
  const used = (await readdir(path, { recursive: true })).length;
  execFileSync('mount', ['-o', `remount,nr_inodes=${used + 3}`, path]);
  for (let index = 0; index < 10; index += 1) {
    await writeFile(join(path, `ballast-${index}`), '').catch(() => undefined);
  }
}

async function unmounted(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY], SLOW);
  using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
  const folder = `/media/haulyard-faults-${process.pid}`;
  const mount = join(folder, 'volume');
  const connect = () => {
    mkdirSync(mount, { recursive: true });
    execFileSync('mount', ['--bind', volume.path, mount]);
  };
  const disconnect = () => {
    execFileSync('umount', ['--lazy', mount]);
    rmdirSync(mount);
  };
  connect();
  try {
    const engine = await world.open({ cacheDir: join(mount, 'cache') });
    const id = await engine.add({ reference, workers: 1 });
    await engine.waitFor('progress', ({ chunksDone }) => chunksDone >= 1, { timeoutMs: LONGEST_MS });
    disconnect();
    await engine.waitFor('progress', ({ state }) => state === 'waiting', { timeoutMs: LONGEST_MS });
    return await mended(world, engine, id, async () => connect());
  } finally {
    disconnect();
    rmdirSync(folder);
  }
}

/** A download to an exFAT volume: right, or refused with `stopsWith` before a byte of a file was fetched. */
async function onExfat(repository: RepositoryDeclaration, stopsWith?: ErrorCode): Promise<Finding> {
  await using world = await openWorld([repository]);
  const path = join(world.root, 'volume');
  using _volume = mountExfat(path, EXFAT_BYTES);
  const engine = await world.open({ cacheDir: join(path, 'cache') });
  const { done, failed } = await engine.run({ reference: repository.id }, { timeoutMs: LONGEST_MS });
  if (failed?.code !== stopsWith)
    throw new Error(`It ended with ${failed?.code ?? 'a file'}: ${failed?.message}`);
  if (done) await requireRight(done.snapshot, repository);
  else if (servedBytes(world.hub) > 0) throw new Error('Files were fetched that cannot be kept.');
  await engine.close();
  return {
    messages: messagesOf(engine.events),
    recoverMs: null,
    againBytes: 0,
    outcome: done ? 'right file' : 'stops, says why; nothing was fetched',
  };
}

async function readOnly(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  using volume = mountVolume(join(world.root, 'volume'), 32 * MIB);
  volume.makeReadOnly();
  const engine = await world.open({ cacheDir: join(volume.path, 'cache') });
  const { failed } = await engine.run({ reference }, { timeoutMs: LONGEST_MS });
  if (failed?.code !== 'DiskPermission')
    throw new Error(`It was to stop with DiskPermission, but: ${failed?.code}`);
  await engine.close();
  return {
    messages: messagesOf(engine.events),
    recoverMs: null,
    againBytes: 0,
    outcome: 'stops, says why; nothing was fetched',
  };
}
