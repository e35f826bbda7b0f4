/** How well a variant suits a machine, best first. */
export type Fit = 'runs-well' | 'tight' | 'may-stutter' | 'wont-fit';

/**
 * The displayed verdict on a variant. A {@link Fit}, except where that would promise too much: `fits` when there is
 * enough memory and the speed was not judged, `needs-apple-silicon` on a machine that cannot run the model's runtime at
 * all.
 */
export type Verdict = Fit | 'fits' | 'needs-apple-silicon';

/** What is known about the machine that is to run a model. */
export interface Hardware {
  /** Marketing name, for example `Apple M3 Pro` or a CPU model name. */
  readonly chip: string;
  readonly memoryBytes: number;
  /** Memory that a model may use on this machine. */
  readonly budgetBytes: number;
  /** Memory bandwidth in 10^9 bytes per second; null when the chip is not in the table. */
  readonly bandwidthGBps: number | null;
  /** True when the numbers were given by the user and not read from this machine. */
  readonly assumed: boolean;
  /** True when this process runs under Rosetta translation. */
  readonly translated: boolean;
}

/** The verdict on one variant. */
export interface VariantFit {
  readonly variant: string;
  /** Memory and, where it is known, speed. */
  readonly fit: Fit;
  readonly verdict: Verdict;
  readonly neededBytes: number;
  /** Sentences with the numbers behind the verdict. */
  readonly reasons: readonly string[];
}

/** The verdict on one model: every variant, and which one to take. */
export interface ModelFit {
  readonly model: string;
  /** Id of the recommended variant. There is always one: fit warns, it never blocks. */
  readonly recommended: string;
  readonly variants: readonly VariantFit[];
}

/** Result of the `hardware` command. */
export interface HardwareReport extends Hardware {
  readonly models: readonly ModelFit[];
}
