import { appendFile, mkdir, rename, rm, rmdir, stat, truncate } from 'node:fs/promises';
import { stallAfterBytes } from '../hub/faults/constructors.ts';
import { openWorld } from '../integration/harness.ts';
import { flipByte, partialOf } from '../integration/on-disk.ts';
import { type DamageOptions, recoverFrom } from './damage-bench.ts';
import {
  againBytes,
  FILE_BYTES,
  LONGEST_MS,
  MIB,
  ON_CDN,
  REPOSITORY,
  requireRight,
} from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

/** The bytes of the interrupted download that are on disk. */
const ON_DISK = 3 * MIB + MIB / 2;

const atRest = (name: string, mayCostBytes: number, options: DamageOptions): FaultScenario => ({
  area: 'Damage at rest',
  fault: name,
  mayCostBytes,
  run: () => recoverFrom(options),
});

/** The partial file is damaged while no engine runs, or under a running one. */
export const AT_REST: readonly FaultScenario[] = [
  atRest('none: interrupted after three and a half chunks', 0, { damage: async () => undefined }),
  atRest('a bit flipped in a finished chunk', MIB, { damage: ({ partial }) => flipByte(partial, MIB + 17) }),
  atRest('a bit flipped in the header of a safetensors file', MIB, {
    damage: ({ partial }) => flipByte(partial, 9),
  }),
  atRest('a bit flipped in a chunk that was not finished', MIB / 2, {
    damage: ({ partial }) => flipByte(partial, 3 * MIB + 17),
  }),
  {
    area: 'Damage at rest',
    fault: 'a bit flipped in each of two blocks of a chunk of four that was not finished',
    mayCostBytes: 2 * MIB,
    run: () => inUnfinishedChunk([MIB + 17, 2 * MIB + 17]),
  },
  atRest('the partial cut in its second chunk', ON_DISK - MIB, {
    damage: ({ partial }) => truncate(partial, MIB + 99),
  }),
  atRest('the partial emptied', ON_DISK, { damage: ({ partial }) => truncate(partial, 0) }),
  atRest('the partial extended by 1 MiB', 0, {
    damage: ({ partial }) => appendFile(partial, Buffer.alloc(MIB, 1)),
  }),
  atRest('the partial deleted', ON_DISK, { damage: ({ partial }) => rm(partial) }),
  atRest('the partial replaced by a folder', 0, {
    damage: async ({ partial }) => {
      await rename(partial, `${partial}.mine`);
      await mkdir(partial);
    },
    stopsWith: 'DiskPermission',
    mend: async ({ partial }) => {
      await rmdir(partial);
      await rename(`${partial}.mine`, partial);
    },
  }),
  {
    area: 'Damage at rest',
    fault: 'the partial deleted while it is being written',
    // What was written into the deleted file until that is noticed is gone with it.
    mayCostBytes: FILE_BYTES,
    run: () => whileRunning((partial) => rm(partial)),
  },
  {
    area: 'Damage at rest',
    fault: 'the partial cut while it is being written',
    // Later writes make the file long again, so the hole may show only in the file hash; then everything is compared.
    mayCostBytes: 2 * FILE_BYTES,
    run: () => whileRunning((partial) => truncate(partial, MIB)),
  },
  {
    area: 'Damage at rest',
    fault: 'the partial replaced by a folder while it is being written',
    mayCostBytes: null,
    run: () =>
      whileRunning(async (partial) => {
        await rm(partial);
        await mkdir(partial);
        setTimeout(() => void rmdir(partial), 4000);
      }),
  },
];

/** Damages the partial when three chunks and a half have arrived. */
async function whileRunning(damage: (partial: string) => Promise<unknown>): Promise<Finding> {
  await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 6_000_000 } });
  world.hub.faults.add({ match: { ...ON_CDN, rangeStart: 3 * MIB }, ...stallAfterBytes(MIB / 2, 1500) });
  const engine = await world.open();
  const id = await engine.add({ reference: REPOSITORY.id, workers: 1 });
  await engine.waitFor('progress', ({ chunksDone }) => chunksDone >= 3, { timeoutMs: LONGEST_MS });
  const partial = await partialOf(world, REPOSITORY);
  if ((await stat(partial)).size !== FILE_BYTES)
    throw new Error('The partial does not have its full length.');
  const startedMs = performance.now();
  await damage(partial);
  const first = await engine.ended(id, { timeoutMs: LONGEST_MS });
  let done = first.done;
  if (!done) {
    // It may stop with a reason; then it must continue on request.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const since = engine.mark();
    await engine.call('downloads.resume', { id });
    done = (await engine.ended(id, { since, timeoutMs: LONGEST_MS })).done;
  }
  if (!done) throw new Error(`It stopped: ${first.failed?.code} ${first.failed?.message}`);
  await requireRight(done.snapshot, REPOSITORY);
  return {
    messages: messagesOf(first.events),
    recoverMs: performance.now() - startedMs,
    againBytes: againBytes(world, REPOSITORY),
    outcome: first.done ? 'right file' : 'stops, says why; right file when resumed',
  };
}

/** Interrupts a download in a chunk of four blocks, flips bytes that are on disk, and resumes. */
async function inUnfinishedChunk(offsets: readonly number[]): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  world.hub.faults.add({ match: { ...ON_CDN, rangeStart: 0 }, ...stallAfterBytes(ON_DISK) });
  const add = { reference: REPOSITORY.id, workers: 1, chunkSizeBytes: 4 * MIB };
  const first = await world.open();
  await first.add(add);
  await first.waitFor('progress', ({ receivedBytes }) => receivedBytes >= ON_DISK);
  await first.close();
  for (const offset of offsets) await flipByte(await partialOf(world, REPOSITORY), offset);
  const startedMs = performance.now();
  const { done, failed, events } = await (await world.open()).run(add, { timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  const recoverMs = performance.now() - startedMs;
  await requireRight(done.snapshot, REPOSITORY);
  return {
    messages: messagesOf(events),
    recoverMs,
    againBytes: againBytes(world, REPOSITORY),
    outcome: 'right file',
  };
}
