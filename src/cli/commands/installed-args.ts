import type { Installed } from '../invocation.ts';

/** The contract's arguments for something installed. */
export function installedArgs({ reference, revision }: Installed): { reference: string; revision?: string } {
  return { reference, ...(revision === undefined ? {} : { revision }) };
}
