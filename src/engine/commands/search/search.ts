import { AppError } from '../../../shared/contract/errors.ts';
import { MIN_SEARCH_CHARACTERS, type SearchQuery } from '../../../shared/contract/search-commands.ts';
import type { SearchPage } from '../../../shared/model/search.ts';
import type { EngineParts, ReadableLedger } from '../../engine-parts.ts';
import type { ListedModel } from '../../hub/models-listing.ts';
import { foundHere } from './found-here.ts';
import { judgeFound } from './judge-found.ts';
import { whatsHere } from './whats-here.ts';

/** Errors that mean that the Hub cannot be reached at this moment. */
const NO_WAY: ReadonlySet<string> = new Set(['Offline', 'Timeout', 'Stalled', 'ProxyAuthRequired']);

/**
 * Finds models on the Hub and judges each for this computer. When the Hub cannot be reached, searches the library and
 * earlier results. Throws `BadRequest` for too few characters, and request errors.
 */
export async function search(
  query: SearchQuery,
  parts: EngineParts,
  ledger: ReadableLedger,
): Promise<SearchPage> {
  checkQuery(query);
  try {
    const { models, cursor } = await parts.modelSearch.search(query, parts.signal);
    parts.seenModels.add(models);
    return { ...(await judged(models, parts)), cursor, offline: false, offlineReason: null };
  } catch (error) {
    if (!(error instanceof AppError) || !NO_WAY.has(error.code)) throw error;
    const models = query.cursor === undefined ? await foundHere(query, parts, ledger) : [];
    return {
      ...(await judged(models, parts)),
      cursor: null,
      offline: true,
      offlineReason: error.message,
    };
  }
}

function checkQuery({ words, author, filters, task, cursor }: SearchQuery): void {
  const letters = words.trim().length;
  const isOpen = letters === 0 && (author !== undefined || filters.length > 0 || task !== undefined);
  if (cursor !== undefined || letters >= MIN_SEARCH_CHARACTERS || isOpen) return;
  throw new AppError('BadRequest', `Search needs at least ${MIN_SEARCH_CHARACTERS} characters.`);
}

async function judged(models: readonly ListedModel[], parts: EngineParts) {
  const hardware = await parts.hardware();
  const here = await whatsHere(
    models.map(({ repo }) => repo),
    parts,
  );
  return { models: models.map((listed) => judgeFound(listed, hardware, here(listed.repo))) };
}
