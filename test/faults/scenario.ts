/** Parts of the table, in its order. */
export const AREAS = [
  'Network',
  'Answers of the server',
  'Other servers',
  'Offline and shared caches',
  'Damage in flight',
  'Damage at rest',
  'Ledger',
  'Disk',
  'Rescue',
  'Repair',
  'Processes',
] as const;
export type Area = (typeof AREAS)[number];

/** What a fault led to. */
export interface Finding {
  /** The engine's messages to the user. */
  readonly messages: readonly string[];
  /** Bytes of content that were served although they were on disk, or not usable; null where nothing is fetched. */
  readonly againBytes: number | null;
  /** From the fault to the next good byte, or to the end of the repair; null where there is nothing to recover. */
  readonly recoverMs: number | null;
  /** How it ended, in a few words. */
  readonly outcome: string;
}

/** One fault, made on purpose, and the download that must survive it. */
export interface FaultScenario {
  readonly area: Area;
  /** What is done, in words for the table. Also the name for `--only`. */
  readonly fault: string;
  /** Bytes that may be fetched twice; the run counts as failed beyond it. Null means: not limited. */
  readonly mayCostBytes: number | null;
  /** A reason why this cannot be done here, or null. */
  readonly cannotRun?: () => string | null;
  /** Rejects where the promise is broken: a wrong file, a wrong error, no end. */
  readonly run: () => Promise<Finding>;
}

/** A scenario of the table and what became of it. */
export interface Row {
  readonly scenario: FaultScenario;
  readonly finding: Finding | null;
  readonly skipped: string | null;
  readonly broken: string | null;
}
