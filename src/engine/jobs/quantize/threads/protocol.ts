import type { RoundingRule } from '../../../../shared/model/build.ts';
import type { Unit } from '../plan/unit.ts';

/** Given to a thread when it starts. */
export interface WorkerSetup {
  /** The built module of the fast kernel; null to work without. */
  readonly kernelModule: Uint8Array<ArrayBuffer> | null;
}

/** To a thread. `source` and `target` are files on disk. */
export type UnitRequest =
  | {
      readonly op: 'make';
      readonly unit: Unit;
      readonly rule: RoundingRule;
      readonly source: string;
      readonly target: string;
    }
  | {
      readonly op: 'recompute';
      readonly unit: Unit;
      readonly rule: RoundingRule;
      readonly source: string;
      readonly target: string;
    };

/** What was written of a unit: see `plan/unit-checks.ts`. */
export interface MadeUnit {
  readonly checks: string;
}

/** What the second kernel made of a unit, and how far its codes are from the source. */
export interface RecomputedUnit {
  /** The target holds the same bytes. */
  readonly isSame: boolean;
  readonly worstErrorInSteps: number;
  readonly isWithinBound: boolean;
}

/** Results by operation. */
export interface UnitAnswers {
  readonly make: MadeUnit;
  readonly recompute: RecomputedUnit;
}

/** Used instead of an errno: a value of this tensor is NaN or infinite. */
export const NOT_FINITE = 'NOT_FINITE';
/** Used instead of an errno: a file is shorter than planned. */
export const TOO_SHORT = 'TOO_SHORT';

/** From a thread. `file` is the one that `code` is about. */
export type UnitReply =
  | { readonly id: number; readonly ok: true; readonly value: UnitAnswers[keyof UnitAnswers] }
  | {
      readonly id: number;
      readonly ok: false;
      readonly code: string | null;
      readonly message: string;
      readonly file: string | null;
    };
