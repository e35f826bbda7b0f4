import type { RoundingRule } from '../../../shared/model/build.ts';
import type { Precision } from '../../../shared/model/catalog.ts';

/** What to build, where and how. */
export interface BuildWish {
  readonly model: string | null;
  readonly variant: Precision;
  readonly repo: string;
  /** Commit, branch or tag. */
  readonly revision: string;
  readonly cacheDir: string;
  /** Parent folder of `org/name-variant`. */
  readonly root: string;
  readonly rule: RoundingRule;
  readonly workers: number | null;
  /** Replace an existing result. */
  readonly force: boolean;
}
