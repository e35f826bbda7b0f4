import type { ShellDeps } from './shell-deps.ts';

/**
 * The global by which end-to-end tests reach into main. It exists only when a test started an app that is not packaged.
 */
const HOOKS = 'haulyardForTests';

/** `exposeForTests` of the shell's parts. */
export function testHooks(isUnderTest: boolean): ShellDeps['exposeForTests'] {
  if (!isUnderTest) return () => undefined;
  const hooks: Record<string, unknown> = {};
  Object.assign(globalThis, { [HOOKS]: hooks });
  return (name, value) => {
    hooks[name] = value;
  };
}
