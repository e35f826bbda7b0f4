import { z } from 'zod';
import type { FileChoice } from '../model/file-choice.ts';
import { type ModelCard, SEARCH_SORTS, type SearchPage } from '../model/search.ts';
import { engineCommand } from './command.ts';

/** A search with fewer characters matches everything; it is not sent. */
export const MIN_SEARCH_CHARACTERS = 2;
export const MAX_SEARCH_RESULTS = 100;

/** A tag of the Hub, or the name of a user or an organization. */
const tag = z.string().min(1).max(200);

export const searchSchema = z.object({
  /** All of them must be in the repository's id. */
  words: z.string().max(200),
  author: tag.optional(),
  /** Tags of the Hub, all of which a model must have: `mlx`, `gguf`, `license:mit`. */
  filters: z.array(tag).max(20).default([]),
  task: tag.optional(),
  sort: z.enum(SEARCH_SORTS).default('downloads'),
  /** Models of one page. */
  limit: z.number().int().min(1).max(MAX_SEARCH_RESULTS).default(50),
  /** True for a search at every pause in typing: it ends the previous one. */
  typing: z.boolean().default(false),
  /** From the previous page. */
  cursor: z.string().max(4000).optional(),
});

const byReference = z.object({
  reference: z.string().min(1).max(2000),
  revision: z.string().min(1).max(300).optional(),
});

/** Commands that find and judge models; see `docs/architecture.md`. */
export const searchCommands = {
  /**
   * Finds models on the Hub. With `typing`, ends the previous search, which fails with `Cancelled`. `RateLimited` has
   * the wait in `details.retryAfterSeconds`; until then nothing is sent. Without a network, searches the library and
   * earlier results.
   */
  'models.search': engineCommand<SearchPage>()(searchSchema),
  /** Returns the facts and README of a repository. */
  'models.card': engineCommand<ModelCard>()(byReference),
  /** Returns which of a repository's files to take: its sets of weights, and the one that suits this computer. */
  'models.files': engineCommand<FileChoice>()(byReference),
  /** Returns whether this computer's token may download a gated repository. */
  'models.access': engineCommand<AccessCheck>()(byReference),
} as const;

/** A user's access to a gated repository. */
export interface AccessCheck {
  /** `none`: not requested yet; `no-token`: unknown, because there is no token. */
  readonly state: 'granted' | 'pending' | 'rejected' | 'none' | 'no-token';
  /** The Hub's message. */
  readonly message: string;
  /** Name of the account; null without a token or when the Hub does not report it. */
  readonly account: string | null;
  /** Where a person requests access. */
  readonly pageUrl: string;
}

export type SearchQuery = z.output<typeof searchSchema>;
