import type { CommandInput } from '../../shared/contract/commands.ts';
import type { Installed } from '../invocation.ts';

/** The contract's arguments for something installed. */
export function installedArgs({ reference, revision, variant }: Installed): CommandInput<'library.path'> {
  return {
    reference,
    ...(revision === undefined ? {} : { revision }),
    ...(variant === undefined ? {} : { variant }),
  };
}
