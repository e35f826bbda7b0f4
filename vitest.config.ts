import { defineConfig } from 'vitest/config';

/** Tests of the real window; they start an Electron each and must not compete with anything. */
const APP_TESTS = 'test/e2e/*.test.ts';
/** Independent programs against our Hub and our cache. */
const JUDGES = 'test/judges/**/*.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', './tools/count-reporter.ts'],
    pool: 'forks',
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', 'src/**/testing/**'],
      reporter: ['text-summary', 'html'],
      // Of the tests beside the sources alone. Raise these when they rise; never lower them to pass.
      thresholds: { lines: 72, statements: 71, functions: 70, branches: 68 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/node_modules/**', APP_TESTS, JUDGES],
          maxWorkers: 2,
          testTimeout: 90_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'judges',
          include: [JUDGES],
          globalSetup: ['./test/judges/global-setup.ts'],
          maxWorkers: 2,
          testTimeout: 90_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'app',
          include: [APP_TESTS],
          globalSetup: ['./test/e2e/global-setup.ts'],
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
