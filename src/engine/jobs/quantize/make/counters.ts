import { Throughput } from '../../../transfer/throughput.ts';

/** The counters of a running build. All numbers are bytes that were read or written, none is estimated. */
export interface BuildCounters {
  sourceBytesDone: number;
  writtenBytes: number;
  durableBytes: number;
  unitsDone: number;
  hashedBytes: number;
  tensor: string | null;
  /** Bytes that this run read from disk, as its cost. */
  readBytes: number;
  /** Speed of the current phase: of the source while building, of the output while verifying. */
  readonly speed: Throughput;
}

/** Counters of a run that begins. */
export function newCounters(now: () => number): BuildCounters {
  return {
    sourceBytesDone: 0,
    writtenBytes: 0,
    durableBytes: 0,
    unitsDone: 0,
    hashedBytes: 0,
    tensor: null,
    readBytes: 0,
    speed: new Throughput(now),
  };
}
