import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TestModule } from 'vitest/node';
import CountReporter from './count-reporter.ts';

interface Outcome {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly note?: string;
}

/** A module with tests of these outcomes. */
function moduleOf(...outcomes: readonly Outcome[]): TestModule {
  const tests = outcomes.map((outcome) => ({ result: () => outcome }));
  return { children: { allTests: () => tests }, errors: () => [] } as unknown as TestModule;
}

function printed(modules: readonly TestModule[], errors: readonly unknown[] = []): string {
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  new CountReporter().onTestRunEnd(modules, errors);
  vi.restoreAllMocks();
  return lines.join('');
}

afterEach(() => void vi.restoreAllMocks());

describe('the last lines of a run', () => {
  it('count, and a module or a run that failed counts too', () => {
    expect(printed([moduleOf({ state: 'passed' }, { state: 'failed' })], ['out of memory'])).toBe(
      '\n1 passed, 2 failed\n',
    );
  });

  it('say once why tests were skipped, before the count', () => {
    const note = 'judges: skipped, because there is no python3 on this machine';
    const skipped: Outcome = { state: 'skipped', note };
    expect(printed([moduleOf(skipped, { state: 'passed' }), moduleOf(skipped)])).toBe(
      `\n${note}\n1 passed, 0 failed, 2 skipped\n`,
    );
  });
});
