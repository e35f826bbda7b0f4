import { AppError } from '../../../shared/contract/errors.ts';
import type { SearchQuery } from '../../../shared/contract/search-commands.ts';
import { type HubClientOptions, hubSession, offlineError } from '../hub-session.ts';
import type { ListedModel } from '../models-listing.ts';
import { type AccessAnswer, checkAccess } from './access.ts';
import { type CardText, readCard } from './card.ts';
import { modelFacts } from './model-facts.ts';
import { type ListedPage, searchModels } from './search-models.ts';
import { readSmallFile } from './small-file.ts';

/** How long a response is cached: deleting a word and typing it again costs nothing. */
const FRESH_MS = 5 * 60_000;
/** Cached pages; each has a hundred models at most. */
const MAX_PAGES = 60;

/** Finds models on one Hub, and reads their descriptions. Every failure is an `AppError`. */
export interface ModelSearch {
  /** Returns one page. While somebody is typing, a search aborts the one before it. */
  search(query: SearchQuery, signal: AbortSignal): Promise<ListedPage>;
  /** Returns what the Hub lists about one repository; null when it lists nothing readable. */
  facts(repo: string, signal: AbortSignal): Promise<ListedModel | null>;
  /** Returns the README at a commit. */
  card(repo: string, revision: string, signal: AbortSignal): Promise<CardText>;
  /** Returns a small text file at a commit; null when it does not exist or is not accessible. */
  smallFile(repo: string, commit: string, path: string, signal: AbortSignal): Promise<string | null>;
  /** Returns whether the current token may download a gated repository. */
  access(repo: string, signal: AbortSignal): Promise<AccessAnswer>;
}

/** Creates the search of one Hub. Nothing is sent before the first call. */
export function createModelSearch(options: HubClientOptions, session = hubSession(options)): ModelSearch {
  const { clock, endpoint } = options;
  const pages = new Map<string, { readonly page: ListedPage; readonly atMs: number }>();
  let running = new AbortController();
  let silentUntilMs = 0;

  const refuse = (): void => {
    if (options.offline) throw offlineError(endpoint);
    const waitMs = silentUntilMs - clock.now();
    if (waitMs > 0) throw slowDown(endpoint.host, waitMs);
  };
  const ask = async (query: SearchQuery, signal: AbortSignal): Promise<ListedPage> => {
    try {
      return await searchModels(session, query, signal);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'RateLimited') throw error;
      silentUntilMs = clock.now() + (error.retryAfterMs ?? 0);
      throw slowDown(endpoint.host, error.retryAfterMs ?? 0);
    }
  };
  return {
    async search(query, signal) {
      const { typing, ...asked } = query;
      if (typing) {
        running.abort(new AppError('Cancelled', 'Another search began.'));
        running = new AbortController();
      }
      const mine = typing ? AbortSignal.any([signal, running.signal]) : signal;
      const key = `${options.token() === null ? 'anonymous' : 'token'} ${JSON.stringify(asked)}`;
      const known = pages.get(key);
      if (known !== undefined && clock.now() - known.atMs < FRESH_MS) return known.page;
      refuse();
      const page = await ask(query, mine);
      pages.delete(key);
      pages.set(key, { page, atMs: clock.now() });
      for (const oldest of [...pages.keys()].slice(0, -MAX_PAGES)) pages.delete(oldest);
      return page;
    },
    async facts(repo, signal) {
      refuse();
      return modelFacts(session, repo, signal);
    },
    async card(repo, revision, signal) {
      refuse();
      return readCard(session, repo, revision, signal);
    },
    async smallFile(repo, commit, path, signal) {
      refuse();
      return readSmallFile(session, { repo, commit, path }, signal);
    },
    async access(repo, signal) {
      refuse();
      return checkAccess(session, repo, signal);
    },
  };
}

/** The Hub counts requests; asking again would only prolong the wait. */
function slowDown(host: string, waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000);
  const when = seconds > 0 ? `Try again in ${seconds} s.` : 'Try again in a moment.';
  return new AppError('RateLimited', `${host} asks for fewer requests. ${when} Downloads are not affected.`, {
    retryAfterMs: waitMs,
    details: { host, retryAfterSeconds: seconds },
  });
}
