import { AppError } from '../../../shared/contract/errors.ts';
import { MAX_CARD_CHARACTERS } from '../../../shared/model/search.ts';
import type { ListingSession } from '../repository-info.ts';
import { readRaw } from './small-file.ts';

/** In UTF-8, four bytes a character at most. */
const MAX_BYTES = MAX_CARD_CHARACTERS * 4;

/** The README of a repository, or why there is none. */
export interface CardText {
  readonly readme: string | null;
  readonly shortened: boolean;
  /** Null when there is a README, or when nobody wrote one. */
  readonly problem: string | null;
}

/** Reads the README of a repository, without its front matter. A gated one stays closed. Throws request errors. */
export async function readCard(
  session: ListingSession,
  repo: string,
  revision: string,
  signal: AbortSignal,
): Promise<CardText> {
  try {
    const { text, complete } = await readRaw(
      session,
      { repo, revision, path: 'README.md' },
      MAX_BYTES,
      signal,
    );
    const readme = withoutFrontMatter(text);
    const shortened = !complete || readme.length > MAX_CARD_CHARACTERS;
    return { readme: readme.slice(0, MAX_CARD_CHARACTERS).toWellFormed(), shortened, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'NotFound') return { readme: null, shortened: false, problem: null };
    if (error.code !== 'Gated') throw error;
    const problem = 'The description can be read once you have access.';
    return { readme: null, shortened: false, problem };
  }
}

/** YAML between two lines of `---`: facts for the Hub, which are available from its API. */
export function withoutFrontMatter(text: string): string {
  const start = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (start === null) return text;
  const end = /^---[ \t]*$/m.exec(text.slice(start[0].length));
  return end === null ? text : text.slice(start[0].length + end.index + end[0].length).trimStart();
}
