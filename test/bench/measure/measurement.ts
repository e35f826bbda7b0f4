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
}
