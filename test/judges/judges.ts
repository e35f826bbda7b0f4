import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { beforeEach, describe, inject } from 'vitest';

/** What a judge needs: a program of the machine, or `python`, the environment with the pinned packages. */
export type Need = 'python' | 'python3' | 'git-lfs' | 'curl' | 'wget' | 'aria2c' | 'nginx';

/**
 * The tests of one judge. Where a program is missing that it needs, each of them is skipped, and the run says so in its
 * last lines: nothing is silently green.
 */
export function judge(name: string, needs: readonly Need[], tests: () => void): void {
  describe(`judged by ${name}`, () => {
    const missing = needs.map(whyMissing).find((reason) => reason !== null) ?? null;
    beforeEach((context) => {
      if (missing !== null) context.skip(`judges: skipped, because ${missing}`);
    });
    tests();
  });
}

function whyMissing(need: Need): string | null {
  if (need === 'python') return inject('judges').reason;
  const { error } = spawnSync(need, ['--version'], { stdio: 'ignore' });
  return error === undefined ? null : `${need} is not installed`;
}

/** `PATH` with the programs of the Python environment in front. */
export function judgesPath(): string {
  const { bin } = inject('judges');
  return [bin, process.env.PATH].filter(Boolean).join(delimiter);
}
