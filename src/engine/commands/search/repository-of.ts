import { addDownloadSchema } from '../../../shared/contract/commands.ts';
import type { EngineParts } from '../../engine-parts.ts';
import { resolveTarget } from '../target.ts';

/** A model as named by the user. */
export interface Named {
  readonly reference: string;
  readonly revision?: string | undefined;
}

/** Returns the repository and revision that are meant; for a catalog model those of the variant for this computer. */
export async function repositoryOf(
  { reference, revision }: Named,
  parts: EngineParts,
): Promise<{ readonly repo: string; readonly revision: string }> {
  const { target } = await resolveTarget(addDownloadSchema.parse({ reference, revision }), parts);
  return { repo: target.repo, revision: target.revision };
}
