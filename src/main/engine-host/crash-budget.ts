/** How often the engine may crash before it is given up, and how long to wait in between. */
export interface CrashPolicy {
  readonly crashes: number;
  readonly withinMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** The fifth crash within five minutes is the last; waits of 0.5, 1, 2 and 4 seconds. Chosen, not measured. */
export const ENGINE_CRASHES: CrashPolicy = {
  crashes: 5,
  withinMs: 5 * 60_000,
  firstDelayMs: 500,
  longestDelayMs: 30_000,
};

/** What to do after a crash. */
export type CrashVerdict =
  | { readonly do: 'restart'; readonly attempt: number; readonly delayMs: number }
  | { readonly do: 'give-up' };

/** Returns the times of crashes that still count, with one more, in milliseconds. */
export function withCrash(times: readonly number[], now: number, policy: CrashPolicy): readonly number[] {
  return [...times.filter((time) => now - time < policy.withinMs), now];
}

/** Returns the verdict on the crashes from {@link withCrash}. */
export function judgeCrashes(times: readonly number[], policy: CrashPolicy): CrashVerdict {
  const attempt = times.length;
  if (attempt >= policy.crashes) return { do: 'give-up' };
  const delayMs = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return { do: 'restart', attempt, delayMs };
}
