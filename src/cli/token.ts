import { AppError } from '../shared/contract/errors.ts';
import type { CliInput } from './io.ts';

/** Longer input is not a token; Hub tokens have about 40 characters, the contract allows 500. */
const MAX_TOKEN_LENGTH = 500;

/** Reads the first line of `input`. Throws BadRequest when it contains no token; the message never repeats the text. */
export async function readTokenLine(input: AsyncIterable<string | Buffer>): Promise<string> {
  const token = (await firstLine(input)).trim();
  if (token === '') throw new AppError('BadRequest', 'There is no token on standard input.');
  if (token.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token)) {
    throw new AppError(
      'BadRequest',
      `What standard input holds is not a token: one line of at most ${MAX_TOKEN_LENGTH} letters, digits and signs.`,
    );
  }
  return token;
}

async function firstLine(input: AsyncIterable<string | Buffer>): Promise<string> {
  let text = '';
  for await (const part of input) {
    text += part.toString();
    const end = text.indexOf('\n');
    if (end !== -1) return text.slice(0, end);
    if (text.length > MAX_TOKEN_LENGTH + 2) break;
  }
  return text;
}

/** The prompt for a person who is expected to type; null when the input is not a terminal. */
export function tokenPrompt(input: CliInput): string | null {
  return input.isTerminal ? 'Access token (it will be visible), then Return: ' : null;
}
