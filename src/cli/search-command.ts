import { type Command, Option } from 'commander';
import { AppError } from '../shared/contract/errors.ts';
import { MIN_SEARCH_CHARACTERS } from '../shared/contract/search-commands.ts';
import { SEARCH_SORTS, type SearchSort } from '../shared/model/search.ts';
import type { Invocation, SearchOptions } from './invocation.ts';
import { parseText } from './option-values.ts';

const MAX_TAG_LENGTH = 200;
const MAX_WORDS_LENGTH = 200;
const MAX_RESULTS = 1000;
const DEFAULT_RESULTS = 20;

interface RawSearch {
  readonly author?: string;
  readonly filter?: readonly string[];
  readonly sort: SearchSort;
  readonly limit: number;
  readonly fits?: boolean;
}

/** Adds `search` to `program`. */
export function addSearch(program: Command, choose: (invocation: Invocation) => void): void {
  program
    .command('search')
    .description('find models on Hugging Face, and see how well each would run here')
    .argument('[words...]', 'all of them must be in the name')
    .option(
      '--author <name>',
      'only models of this user or organization',
      parseText('--author', MAX_TAG_LENGTH),
    )
    .option(
      '--filter <tag>',
      'only models with this tag, such as mlx or license:mit (may be repeated)',
      collectTags,
    )
    .addOption(
      new Option('--sort <order>', `most first: one of ${SEARCH_SORTS.join(', ')}`)
        .default('downloads')
        .argParser(parseSort),
    )
    .addOption(new Option('--limit <n>', 'show so many').default(DEFAULT_RESULTS).argParser(parseResults))
    .option('--fits', 'only models that this computer can run')
    .action((words: readonly string[], raw: RawSearch) =>
      choose({ command: 'search', ...searchOptions(words, raw) }),
    );
}

function searchOptions(words: readonly string[], raw: RawSearch): SearchOptions {
  const text = words.join(' ').trim();
  const filters = raw.filter ?? [];
  if (text.length > MAX_WORDS_LENGTH) {
    throw new AppError('BadRequest', `WORDS have at most ${MAX_WORDS_LENGTH} characters.`);
  }
  const isOpen = text === '' && (raw.author !== undefined || filters.length > 0);
  if (text.length < MIN_SEARCH_CHARACTERS && !isOpen) {
    throw new AppError(
      'BadRequest',
      `Search needs at least ${MIN_SEARCH_CHARACTERS} characters, --author or --filter.`,
    );
  }
  const { author, sort, limit } = raw;
  return {
    words: text,
    filters,
    sort,
    limit,
    fits: raw.fits === true,
    ...(author === undefined ? {} : { author }),
  };
}

const parseTag = parseText('--filter', MAX_TAG_LENGTH);

function collectTags(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseTag(value)];
}

function parseSort(value: string): SearchSort {
  const found = SEARCH_SORTS.find((sort) => sort === value.toLowerCase());
  if (found !== undefined) return found;
  throw new AppError(
    'BadRequest',
    `--sort cannot be "${value.slice(0, 60)}": it is one of ${SEARCH_SORTS.join(', ')}.`,
  );
}

function parseResults(value: string): number {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= MAX_RESULTS) return number;
  throw new AppError(
    'BadRequest',
    `--limit cannot be "${value.slice(0, 60)}": it is a whole number from 1 to ${MAX_RESULTS}.`,
  );
}
