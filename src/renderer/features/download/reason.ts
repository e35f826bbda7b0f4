import { formatBytes } from '../../../shared/format/bytes.ts';
import type { DownloadView } from '../../../shared/model/download.ts';

/** What the engine says of a wait, taken apart. */
export interface Reason {
  /** The sentence without the count of attempts. */
  readonly sentence: string;
  /** From `(try 3)` at its end. */
  readonly attempt: number | null;
}

export function reasonOf(text: string | null): Reason | null {
  if (text === null || text.trim() === '') return null;
  const [, sentence = '', attempt] = /^(.*?)\s*(?:\(try (\d+)\))?$/s.exec(text.trim()) ?? [];
  return { sentence, attempt: attempt === undefined ? null : Number(attempt) };
}

/** Full seconds of silence in `No data for 12 s`. */
export function silentSecondsOf(text: string | null): number | null {
  const seconds = /^No data for (\d+) s/.exec(text ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds);
}

/** Troubles that a person can mend and so are named; for others "Connection lost" says enough. */
const NAMED = /\b(proxy|certificate|sign-in|secure connection|HF_HUB_OFFLINE|name)\b/i;

/** The engine's own sentence where it names what to mend, without what it says of safety. */
export function namedTrouble(sentence: string): string | null {
  if (!NAMED.test(sentence)) return null;
  return sentence.replace(/\s*Nothing received so far is lost\.\s*/, ' ').trim();
}

/** Room that a full disk lacks: what the engine found, else what is still to come. */
export function neededRoom({ reason, totalBytes, receivedBytes }: DownloadView): string {
  const found = /(\d+(?:\.\d+)? (?:bytes?|[KMGTP]B)) more (?:is|are) needed/.exec(reason ?? '')?.[1];
  return found ?? formatBytes(Math.max(0, totalBytes - receivedBytes));
}

/** Time of day as the system writes it: `14:03`. */
export function timeOfDay(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(iso),
  );
}
