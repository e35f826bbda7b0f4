import type { Judgement } from '../model/judgement.ts';
import { formatBytes } from './bytes.ts';

/** What the Hub's hashes say about the bytes of a file that are here, as a sentence. */
export function judgementWords(path: string, judgement: Judgement): string {
  const { bytes, badBytes, arrived } = judgement;
  if (arrived) {
    return `This connection damages data: a piece of ${path} arrived wrong, and ${formatBytes(badBytes)} of it are fetched again.`;
  }
  return `${formatBytes(bytes)} of ${path} checked with the Hub’s hashes: ${counts(judgement)}.`;
}

function counts({ proved, bad, unproved, badBytes }: Judgement): string {
  const parts = [`${proved} ${proved === 1 ? 'piece' : 'pieces'} right`];
  if (bad > 0) parts.push(`${bad} damaged (${formatBytes(badBytes)} to fetch)`);
  if (unproved > 0) parts.push(`${unproved} not decided yet`);
  return parts.join(', ');
}
