import type { ErrorData } from '../../shared/contract/errors.ts';
import { remedyOf } from '../../shared/model/remedy.ts';
import { uiWords } from './words.ts';

/** Returns what happened, in the engine's words, and what helps in this window. */
export function errorWords({ message, details }: Pick<ErrorData, 'message' | 'details'>): string {
  const remedy = remedyOf(details);
  const help = remedy === undefined ? null : uiWords.remedies[remedy];
  return help === null ? message : `${message} ${help}`;
}
