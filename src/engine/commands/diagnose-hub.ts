import type { CommandArgs, HubDiagnosis } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineParts } from '../engine-parts.ts';
import { parseReference } from '../hub/reference.ts';

/** A URL is valid for an hour on the Hub; one that is not valid for this long is of little use. */
const HOLD_SECONDS = 30;

/** Tries each kind of request of a download on the current Hub. */
export async function diagnoseHub(
  { reference, holdSeconds = HOLD_SECONDS }: CommandArgs<'doctor.hub'>,
  parts: EngineParts,
): Promise<HubDiagnosis> {
  const { repo, revision } = await subject(reference, parts);
  const trials = await parts.hub.trials({ repo, revision, holdMs: holdSeconds * 1000 }, parts.signal);
  const ok = trials.every(({ works }) => works !== false);
  return { endpoint: parts.hub.endpoint.url, repo, trials, ok };
}

async function subject(
  text: string | undefined,
  { hub, catalog }: EngineParts,
): Promise<{ repo: string; revision: string }> {
  const reference = text === undefined ? null : parseReference(text, hub.endpoint);
  if (reference?.kind === 'repo') return { repo: reference.repo, revision: reference.revision ?? 'main' };
  const models = (await catalog()).models.filter(({ id }) => reference === null || id === reference.id);
  const variants = models.flatMap((model) => model.variants);
  const smallest = variants.toSorted((one, other) => one.bytes - other.bytes)[0];
  if (smallest) return { repo: smallest.repo, revision: 'main' };
  throw new AppError('BadRequest', 'The catalog is empty. Name a repository to try it with, as org/name.');
}
