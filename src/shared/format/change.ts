import type { ErrorData } from '../contract/errors.ts';

/** Names shown of each kind of change. */
const SHOWN = 3;

/**
 * Formats which files differ from the expected ones, from the facts of `ChangedUpstream` (`details.missing`,
 * `otherSize` and `otherChecksum`: paths, one per line). Null when it names none.
 */
export function formatChange(details: ErrorData['details']): string | null {
  const sentences = [
    sentence(details.missing, 'no longer there'),
    sentence(details.otherSize, 'of another size'),
    sentence(details.otherChecksum, 'changed'),
  ].filter((part) => part !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

function sentence(paths: unknown, what: string): string | null {
  if (typeof paths !== 'string' || paths === '') return null;
  const names = paths.split('\n');
  const shown = names.slice(0, SHOWN).join(', ');
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${shown}${more} ${names.length === 1 ? 'is' : 'are'} ${what}.`;
}
