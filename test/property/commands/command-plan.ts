import fc from 'fast-check';

/** Repositories that share contents, by index: the first two have one file in common, the last two another. */
export const REPOSITORY_COUNT = 3;

/** One command. `repo` is the index of a repository, `nth` picks one of the downloads that were added by then. */
export type PlannedCommand =
  | { readonly kind: 'add'; readonly repo: number; readonly narrow: boolean }
  | { readonly kind: 'pause' | 'resume' | 'retryNow'; readonly nth: number }
  | { readonly kind: 'cancel'; readonly nth: number; readonly keepPartial: boolean }
  | { readonly kind: 'move'; readonly nth: number; readonly position: number }
  | { readonly kind: 'adopt'; readonly nth: number }
  | { readonly kind: 'remove'; readonly repo: number }
  | { readonly kind: 'verify'; readonly repo: number; readonly repair: boolean }
  | { readonly kind: 'pauseAll' | 'resumeAll' | 'suspend' };

/** A command, and how long after the one before it is given, whether that has been answered or not. */
export interface Step {
  readonly afterMs: number;
  readonly command: PlannedCommand;
}

const nth = fc.nat({ max: 5 });
const repo = fc.nat({ max: REPOSITORY_COUNT - 1 });
const plain = <K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);

const command: fc.Arbitrary<PlannedCommand> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: plain('add'), repo, narrow: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: plain('pause', 'resume', 'retryNow'), nth }) },
  { weight: 3, arbitrary: fc.record({ kind: plain('cancel'), nth, keepPartial: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: plain('move'), nth, position: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: plain('adopt'), nth }) },
  { weight: 3, arbitrary: fc.record({ kind: plain('remove'), repo }) },
  { weight: 2, arbitrary: fc.record({ kind: plain('verify'), repo, repair: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: plain('pauseAll', 'resumeAll', 'suspend') }) },
);

/** Most commands follow at once; some give the one before time to begin, or to end. */
const afterMs = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 30 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 500 }) },
);

/** Commands for one engine, given while those before them are still being carried out. */
export const commandPlan: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.record({ afterMs, command: fc.record({ kind: plain('add'), repo, narrow: fc.constant(false) }) }),
    fc.array(fc.record({ afterMs, command }), { minLength: 4, maxLength: 14 }),
  )
  .map(([first, rest]) => [first, ...rest]);
