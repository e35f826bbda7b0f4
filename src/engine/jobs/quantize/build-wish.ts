import type { RoundingRule } from '../../../shared/model/build.ts';
import type { Precision } from '../../../shared/model/catalog.ts';

/** What is to be made, where and how. */
export interface BuildWish {
  readonly model: string | null;
  readonly variant: Precision;
  readonly repo: string;
  /** Commit, branch or tag. */
  readonly revision: string;
  readonly cacheDir: string;
  /** The folder above `org/name-variant`. */
  readonly root: string;
  readonly rule: RoundingRule;
  readonly workers: number | null;
  /** Replace what was made before. */
  readonly force: boolean;
}
