import * as fault from '../hub/faults/constructors.ts';
import { downloadThrough, FILE_BYTES, FOREVER, MIB, ON_CDN } from './download-bench.ts';
import type { FaultScenario } from './scenario.ts';

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
  // Each chunk is fetched a second time to be compared, and the damaged ones a third time.
  inFlight('a byte flipped in flight in one chunk', [2], FILE_BYTES + MIB),
  inFlight('a byte flipped in flight in three chunks', [0, 2, 4], FILE_BYTES + 3 * MIB),
  inFlight('a byte flipped in flight in every chunk', [0, 1, 2, 3, 4], 2 * FILE_BYTES),
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
