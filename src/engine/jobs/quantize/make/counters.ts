import { Throughput } from '../../../transfer/throughput.ts';

/** What a build counts while it runs. All numbers are bytes that were read or written, none is estimated. */
export interface BuildCounters {
  sourceBytesDone: number;
  writtenBytes: number;
  durableBytes: number;
  unitsDone: number;
  hashedBytes: number;
  tensor: string | null;
  /** Read from disk by this run, for what it cost. */
  readBytes: number;
  /** Speed of what the phase is about: the source while making, the output while verifying. */
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
