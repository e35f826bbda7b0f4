import { AppError } from '../../../shared/contract/errors.ts';
import type { SearchQuery } from '../../../shared/contract/search-commands.ts';
import { headerList } from '../../http/header.ts';
import { failureOf, readBody, sendFollowing } from '../hub-request.ts';
import type { ListedModel } from '../models-listing.ts';
import { nextPage } from '../next-page.ts';
import type { ListingSession } from '../repository-info.ts';
import { parseModels } from './parse-models.ts';
import { searchUrl } from './search-request.ts';

/** A hundred models with long chat templates have a few megabytes. */
const MAX_BYTES = 16 << 20;
/** The caller is waiting in front of a list. */
const TOTAL_MS = 30_000;
/** Longer than any cursor that the next page can be requested with. */
const MAX_CURSOR = 4000;

const NOTHING = { repo: '', revision: '' };

/** One page of models as listed by the Hub. */
export interface ListedPage {
  readonly models: readonly ListedModel[];
  readonly cursor: string | null;
}

/**
 * Requests one page of models. A server that does not support all requested fields is asked again for what it has.
 * Throws request errors; `BadRequest` for a server that is not a Hub.
 */
export async function searchModels(
  session: ListingSession,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<ListedPage> {
  try {
    return await askPage(session, searchUrl(session.endpoint, query, false), signal);
  } catch (error) {
    if (!isUnknownExpand(error) || query.cursor !== undefined) throw error;
    return askPage(session, searchUrl(session.endpoint, query, true), signal);
  }
}

function isUnknownExpand(error: unknown): boolean {
  return error instanceof AppError && error.code === 'BadRequest' && error.details.status === 400;
}

async function askPage(session: ListingSession, url: URL, signal: AbortSignal): Promise<ListedPage> {
  const { endpoint, listingWorkerUrl } = session;
  const response = await sendFollowing(session, {
    url,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
    totalMs: TOTAL_MS,
    signal,
  });
  if (response.status !== 200) throw reworded(await failureOf(session, response, NOTHING), session);
  const body = await readBody(session, response, MAX_BYTES);
  const models = await parseModels(body, { endpoint, listingWorkerUrl, signal });
  return { models, cursor: cursorOf(response.url, headerList(response.headers, 'link')) };
}

/** No repository was requested, so none is missing. */
function reworded(error: AppError, { endpoint: { host } }: ListingSession): AppError {
  if (error.code !== 'NotFound') return error;
  const { status = 0 } = error.details;
  return status === 401
    ? new AppError('AuthRequired', `${host} wants an access token before it searches.`, {
        details: error.details,
      })
    : new AppError('NotFound', `${host} offers no search. Type org/name to see a model.`, {
        details: error.details,
      });
}

/** Returns the query of the next page; null when there is none, or when it would be the same page again. */
function cursorOf(current: URL, link: string | undefined): string | null {
  const next = nextPage(current, link);
  if (next === null || next.search === current.search || next.search.length > MAX_CURSOR) return null;
  return next.search.slice(1);
}
