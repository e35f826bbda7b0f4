import type { TestProject } from 'vitest/node';
import { type Environment, judgesEnvironment } from './environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly judges: Environment;
  }
}

/** Makes the Python environment before the first judge. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('judges', await judgesEnvironment());
}
