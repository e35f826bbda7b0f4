import type { LineConditions } from '../../hub/conditions/conditions.ts';
import type { Crowding } from '../server/hub-setup.ts';

/** A line on which models are really fetched, made shorter. */
export interface WeakLine {
  readonly name: string;
  /** The real case, and what was changed. */
  readonly meaning: string;
  /** What the line can carry at best, in bytes per second: it sets the size of the file. */
  readonly bestBytesPerSecond: number;
  /** Size of a chunk; smaller than the real 50 MiB by about as much as the time is shorter. */
  readonly chunkBytes: number;
  readonly conditions: Partial<LineConditions>;
  readonly crowding: Crowding | null;
  /** True for the lines of the quick run. */
  readonly quick: boolean;
  /** True where a single run says little, because it depends on which connections are hit. */
  readonly chancy: boolean;
  /** True where another program with one stream is a useful comparison besides `curl`. */
  readonly breaks: boolean;
}

const MIB = 2 ** 20;

/**
 * The networks of the benchmark. Bytes and rates are scaled so that the essentials stay the same: bytes between two
 * drops in chunks, stalls per download, streams that fill the link. The waits of the programs (30 s for a silent
 * connection, 5 s to measure throughput) cannot be scaled; for all programs they weigh more than in a download of
 * hours.
 */
export const WEAK_LINES: readonly WeakLine[] = [
  {
    name: 'drops',
    meaning: '87 KB/s, everything cut every 7 minutes; here 1 MB/s and every 3 s, chunks of 4 MiB',
    bestBytesPerSecond: 1_000_000,
    chunkBytes: 4 * MIB,
    conditions: { totalBytesPerSecond: 1_000_000, drops: { everySeconds: 3, probability: 1 } },
    crowding: null,
    quick: true,
    chancy: false,
    breaks: true,
  },
  {
    name: 'crowded',
    meaning:
      '1 MB/s that 10 streams fill and 30 slow down; here 4 MB/s, 400 KB/s a stream, -2 % for each stream over 10',
    bestBytesPerSecond: 4_000_000,
    chunkBytes: 4 * MIB,
    conditions: { bytesPerSecond: 400_000 },
    crowding: { bytesPerSecond: 4_000_000, transfers: 10, lossEach: 0.02 },
    quick: true,
    chancy: false,
    breaks: false,
  },
  {
    name: 'stalls',
    meaning:
      '20 Mbit/s, 2 % of the connections fall silent, about six in a download of hours; here 35 %, as a short one opens only a handful',
    bestBytesPerSecond: 2_500_000,
    chunkBytes: 4 * MIB,
    conditions: { totalBytesPerSecond: 2_500_000, stalls: { proportion: 0.35, withinBytes: 4_000_000 } },
    crowding: null,
    quick: true,
    chancy: true,
    breaks: true,
  },
  {
    name: 'slow edge',
    meaning:
      'one CDN server in five gives a twentieth of the rate; 5 MB/s in all, 1 MB/s a stream, 50 KB/s on the slow ones',
    bestBytesPerSecond: 5_000_000,
    chunkBytes: 4 * MIB,
    conditions: {
      bytesPerSecond: 1_000_000,
      totalBytesPerSecond: 5_000_000,
      slowEdges: { proportion: 0.2, bytesPerSecond: 50_000 },
    },
    crowding: null,
    quick: false,
    chancy: true,
    breaks: false,
  },
  {
    name: 'capped',
    meaning: 'each connection gets 400 KB/s, the line carries 16 of them',
    bestBytesPerSecond: 6_400_000,
    chunkBytes: 4 * MIB,
    conditions: { bytesPerSecond: 400_000, totalBytesPerSecond: 6_400_000 },
    crowding: null,
    quick: false,
    chancy: false,
    breaks: false,
  },
  {
    name: 'far away',
    meaning: '5 MB/s, 300 ms before each answer',
    bestBytesPerSecond: 5_000_000,
    chunkBytes: 4 * MIB,
    conditions: { totalBytesPerSecond: 5_000_000, latencyMs: 300 },
    crowding: null,
    quick: false,
    chancy: false,
    breaks: false,
  },
];
