/** What a server had sent at a moment of a run. */
export interface TracePoint {
  /** Since the start of the process. */
  readonly seconds: number;
  /** Bytes of file content sent so far. */
  readonly bytes: number;
  /** Transfers under way. */
  readonly streams: number;
}

/** One run of one contestant. */
export interface Measurement {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** User and system time of the whole process tree; null where it cannot be had. */
  readonly cpuSeconds: number | null;
  /** Resident memory of the largest process of the tree. */
  readonly peakBytes: number | null;
  /** Bytes of file content that the server sent. */
  readonly wireBytes: number | null;
  /** Why the run does not count, or null. */
  readonly problem: string | null;
  /** The course of the run, where the server was watched. */
  readonly trace?: readonly TracePoint[];
}
