import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed` alone on the last line, for scripts that read the outcome of a run. Before it stands why
 * tests were skipped, where they say so.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    const reasons = new Set<string>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        const { state } = result;
        if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state] += 1;
        if (state === 'skipped' && result.note) reasons.add(result.note);
      }
      counts.failed += module.errors().length;
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const why = [...reasons].map((reason) => `${reason}\n`).join('');
    process.stdout.write(`\n${why}${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  }
}
