import type { JudgedEvent } from '../contract/events.ts';
import { formatBytes } from './bytes.ts';

type Judged = Omit<JudgedEvent, 'event' | 'seq' | 'time' | 'download'>;

/** Formats what the Hub's hashes show about the bytes of a file on disk, as a sentence. */
export function judgementWords(judged: Judged): string {
  const { path, bytes, badBytes, arrived, damagedPieces } = judged;
  if (!arrived) return `${formatBytes(bytes)} of ${path} checked piece by piece: ${counts(judged)}.`;
  if (damagedPieces > 1)
    return `This connection damages data: ${damagedPieces} pieces were downloaded again.`;
  return `This connection damages data: a piece of ${path} arrived wrong, and ${formatBytes(badBytes)} of it is downloaded again.`;
}

/** Leading digits of the counts that are reported; those in between add nothing new. */
const TOLD_DIGITS = /^[125]0*$/;

/**
 * True when the sentence is worth a permanent line: of the pieces that arrive wrong, the 1st, 2nd, 5th, 10th, 20th,
 * 50th and so on.
 */
export function isJudgementNews({
  arrived,
  damagedPieces,
}: Pick<Judged, 'arrived' | 'damagedPieces'>): boolean {
  return !arrived || TOLD_DIGITS.test(String(damagedPieces));
}

function counts({ proved, bad, unproved, badBytes }: Judged): string {
  const parts = [`${proved} good`];
  if (bad > 0) parts.push(`${bad} damaged (${formatBytes(badBytes)} to download again)`);
  if (unproved > 0) parts.push(`${unproved} not checked yet`);
  return parts.join(', ');
}
