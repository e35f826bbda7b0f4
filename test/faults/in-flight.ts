import * as fault from '../hub/faults/constructors.ts';
import { openWorld } from '../integration/harness.ts';
import { oneFile } from '../integration/repositories.ts';
import {
  againBytes,
  downloadThrough,
  FILE_BYTES,
  FOREVER,
  LONGEST_MS,
  MIB,
  ON_CDN,
  REPOSITORY,
  requireRight,
} from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

/** One flipped byte in each of these chunks, in their first copy. */
const flipped = (chunks: readonly number[]) =>
  chunks.map((chunk) => ({
    match: { ...ON_CDN, covers: chunk * MIB + 7 },
    ...fault.flipBytes(chunk * MIB + 7),
  }));

const inFlight = (name: string, chunks: readonly number[], mayCostBytes: number): FaultScenario => ({
  area: 'Damage in flight',
  fault: name,
  mayCostBytes,
  run: () => downloadThrough({ faults: flipped(chunks) }),
});

/** Bytes that arrive wrong under right headers: only the file hash shows it. */
export const IN_FLIGHT: readonly FaultScenario[] = [
  // The file is fetched a second time to be compared; the file hash decides between copies that differ.
  inFlight('a byte flipped in flight in one chunk', [2], FILE_BYTES),
  inFlight('a byte flipped in flight in three chunks', [0, 2, 4], FILE_BYTES),
  inFlight('a byte flipped in flight in every chunk', [0, 1, 2, 3, 4], FILE_BYTES),
  {
    area: 'Damage in flight',
    fault: 'a byte flipped in flight in a file of three chunks, nothing suspicious',
    mayCostBytes: 3 * MIB,
    run: () => downloadThrough({ repository: oneFile(3 * MIB, 'org/three'), faults: flipped([2]) }),
  },
  {
    area: 'Damage in flight',
    fault: 'a byte flipped in the first copy of one chunk and in the second copy of two others',
    mayCostBytes: FILE_BYTES,
    run: () =>
      downloadThrough({
        faults: [
          ...flipped([4]),
          ...flipped([0, 2]).map(({ match, ...flip }) => ({ match: { ...match, nth: 2 }, ...flip })),
        ],
      }),
  },
  {
    area: 'Damage in flight',
    fault: 'a byte flipped in flight, and the engine closed in the middle of the comparison',
    // What a stream had of a block when the engine was closed is fetched again.
    mayCostBytes: FILE_BYTES + MIB,
    run: closedWhileComparing,
  },
  {
    area: 'Damage in flight',
    fault: 'a byte flipped in flight in a retried chunk: only suspects are compared',
    mayCostBytes: 2 * MIB + MIB / 2,
    run: () =>
      downloadThrough({
        faults: [
          ...flipped([3]),
          { match: { ...ON_CDN, rangeStart: 3 * MIB }, ...fault.cutAfterBytes(500_000) },
        ],
      }),
  },
  {
    area: 'Damage in flight',
    fault: 'a chunk that is different each time it is fetched',
    mayCostBytes: 2 * FILE_BYTES,
    run: () =>
      downloadThrough({
        faults: [11, 22, 33, 44, 55, 66, 77].map((offset, index) => ({
          match: { ...ON_CDN, rangeStart: MIB, nth: index + 1 },
          times: index === 6 ? FOREVER : 1,
          ...fault.flipBytes(MIB + offset),
        })),
        stopsWith: 'HashMismatch',
      }),
  },
];

/**
 * Three chunks were compared and the fourth is being compared when the engine is closed; the next one continues there.
 */
async function closedWhileComparing(): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  for (const each of flipped([4])) world.hub.faults.add(each);
  world.hub.faults.add({ match: { ...ON_CDN, covers: 3 * MIB, nth: 2 }, ...fault.stallAfterBytes(1000) });
  const add = { reference: REPOSITORY.id, workers: 1 };
  const first = await world.open();
  await first.add(add);
  await world.hub.waitForRequest(() => againBytes(world, REPOSITORY) >= 3 * MIB, { timeoutMs: LONGEST_MS });
  await first.close();
  world.hub.faults.clear();
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
