import type { Table } from './results/table.ts';

/** What every group is handed. */
export interface Bench {
  /** Small sizes and one round: a first look, not a result. */
  readonly quick: boolean;
  /** Rounds asked for, or null for those of the group. */
  readonly rounds: number | null;
  /** Size of the large file asked for, or null for that of the group. */
  readonly sizeBytes: number | null;
  /** Weak lines asked for, or null for those of the run. */
  readonly lines: readonly string[] | null;
  /** Temporary folder that is removed at the end. */
  readonly folder: string;
  /** Tells people what is going on. */
  readonly log: (line: string) => void;
}

/** What a group found out. */
export interface GroupResult {
  readonly tables: readonly Table[];
  /** What must be known to read the tables. */
  readonly notes: readonly string[];
  /** Every single measurement, for programs. */
  readonly data: unknown;
}

/** A part of the benchmark that can be run alone. */
export interface Group {
  readonly name: string;
  /** Bytes of free disk that it needs at most at one time. */
  neededBytes(bench: Pick<Bench, 'quick' | 'sizeBytes'>): number;
  run(bench: Bench): Promise<GroupResult>;
}
