import { AppError } from '../../../shared/contract/errors.ts';
import type { AccessCheck } from '../../../shared/contract/search-commands.ts';
import type { ModelCard } from '../../../shared/model/search.ts';
import type { EngineParts } from '../../engine-parts.ts';
import { judgeFound } from './judge-found.ts';
import { type Named, repositoryOf } from './repository-of.ts';
import { whatsHere } from './whats-here.ts';

/** Returns what there is to read about a repository before it is downloaded. Throws `NotFound` and request errors. */
export async function modelCard(named: Named, parts: EngineParts): Promise<ModelCard> {
  const { repo, revision } = await repositoryOf(named, parts);
  const { modelSearch, signal } = parts;
  const [listed, card] = await Promise.all([
    modelSearch.facts(repo, signal),
    modelSearch.card(repo, revision, signal),
  ]);
  if (listed === null)
    throw new AppError(
      'ServerError',
      `${parts.hub.endpoint.host} describes ${repo} in a way that can’t be read.`,
    );
  const here = await whatsHere([listed.repo], parts);
  return {
    model: judgeFound(listed, await parts.hardware(), here(listed.repo)),
    readme: card.readme,
    shortened: card.shortened,
    readmeProblem: card.problem,
    pageUrl: pageOf(repo, parts),
  };
}

/** Returns the current token's access to a gated repository, and whose token it is. */
export async function accessOf(named: Named, parts: EngineParts): Promise<AccessCheck> {
  const { repo } = await repositoryOf(named, parts);
  const { state, message } = await parts.modelSearch.access(repo, parts.signal);
  const token = parts.token.value;
  const account = token === null ? null : await parts.hub.accountName(token, parts.signal).catch(() => null);
  return { state, message, account, pageUrl: pageOf(repo, parts) };
}

function pageOf(repo: string, { hub }: EngineParts): string {
  return `${hub.endpoint.url}/${repo}`;
}
