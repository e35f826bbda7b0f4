import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorld, type TestEngine, type World } from '../integration/harness.ts';
import { HALF_CHUNK, interrupt } from '../integration/interrupt.ts';
import { bytesOf, onlyFile } from '../integration/on-disk.ts';
import { againBytes, LONGEST_MS, MIB, REPOSITORY, requireRight, WEIGHTS } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

/** What is here, and what the user's file has. */
const OURS = 2 * MIB + HALF_CHUNK;
const THEIRS = 4 * MIB + 70_000;
const reference = REPOSITORY.id;
const SLOW = { conditions: { totalBytesPerSecond: 1_000_000 } };

const adopt = (fault: string, run: () => Promise<Finding>, mayCostBytes = 0): FaultScenario => ({
  area: 'Rescue',
  fault,
  mayCostBytes,
  run,
});

/** Partials that the user gives to a download that has a part of the file already. */
export const ADOPT: readonly FaultScenario[] = [
  adopt('a partial of Chrome dropped on a download that was broken off', () => dropped({})),
  // What was under way when it stood still is fetched again.
  adopt('a partial of Chrome dropped on a download that runs', droppedWhileRunning, MIB),
  // Suspects are what was taken over and the chunk that was broken off; a third copy of the bad one decides.
  adopt(
    'a partial with a wrong byte dropped on a download',
    () => dropped({ wrongAt: 3 * MIB + 5 }),
    4 * MIB,
  ),
  adopt('a file that is something else dropped on a download', droppedWrongFile),
  adopt('--from for a download of which a part is here', namedAnew),
];

async function leave(
  world: World,
  wrongAt?: number,
): Promise<{ readonly path: string; readonly content: Buffer }> {
  const right = await bytesOf(onlyFile(REPOSITORY));
  const content = Buffer.from(right.subarray(0, THEIRS));
  if (wrongAt !== undefined) content[wrongAt] = (content[wrongAt] ?? 0) ^ 0xff;
  const path = join(world.root, `${WEIGHTS}.crdownload`);
  await writeFile(path, content);
  return { path, content };
}

async function toTheEnd(engine: TestEngine, id: string, partial?: { path: string; content: Buffer }) {
  const startedMs = performance.now();
  const { done, failed, events } = await engine.ended(id, { timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  await requireRight(done.snapshot, REPOSITORY);
  if (partial && !(await readFile(partial.path)).equals(partial.content))
    throw new Error('The file of the user was changed.');
  return { messages: messagesOf(events), recoverMs: performance.now() - startedMs };
}

async function dropped({ wrongAt }: { readonly wrongAt?: number }): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const id = await interrupt(world, REPOSITORY, 2);
  const engine = await world.open();
  const partial = await leave(world, wrongAt);
  await engine.call('downloads.adopt', { id, partial: partial.path });
  await engine.call('downloads.resume', { id });
  const end = await toTheEnd(engine, id, partial);
  const again = againBytes(world, REPOSITORY, THEIRS - OURS);
  return { ...end, againBytes: again, outcome: 'right file; the user’s file is as it was' };
}

async function droppedWhileRunning(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY], SLOW);
  const engine = await world.open();
  const id = await engine.add({ reference, workers: 1 });
  await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes > 0, { timeoutMs: LONGEST_MS });
  const partial = await leave(world);
  const { adoptedBytes } = await engine.call('downloads.adopt', { id, partial: partial.path });
  const end = await toTheEnd(engine, id, partial);
  const again = againBytes(world, REPOSITORY, adoptedBytes);
  return {
    ...end,
    againBytes: again,
    outcome: 'goes on by itself; right file; the user’s file is as it was',
  };
}

async function droppedWrongFile(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const id = await interrupt(world, REPOSITORY, 2);
  const engine = await world.open();
  const path = join(world.root, 'film.mkv');
  await writeFile(path, Buffer.alloc(7 * MIB, 1));
  const said = await engine.call('downloads.adopt', { id, partial: path }).then(
    () => '',
    (error: Error) => error.message,
  );
  if (said === '') throw new Error('It was taken.');
  await engine.call('downloads.resume', { id });
  const { recoverMs } = await toTheEnd(engine, id);
  return {
    messages: [said],
    recoverMs,
    againBytes: againBytes(world, REPOSITORY),
    outcome: 'refused, says why; right file',
  };
}

async function namedAnew(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  await interrupt(world, REPOSITORY, 2);
  const engine = await world.open();
  const partial = await leave(world);
  const id = await engine.add({ reference, workers: 1, from: { [WEIGHTS]: partial.path } });
  const end = await toTheEnd(engine, id, partial);
  const again = againBytes(world, REPOSITORY, THEIRS - OURS);
  return { ...end, againBytes: again, outcome: 'right file; the user’s file is as it was' };
}
