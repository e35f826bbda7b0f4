import type { EngineEvent, RescuedEvent } from '../../shared/contract/events.ts';
import { formatBytes, formatBytesOf } from '../../shared/format/bytes.ts';
import { isJudgementNews, judgementWords } from '../../shared/format/judgement-words.ts';
import type { RescueSource } from '../../shared/model/download.ts';
import { printable } from './printable.ts';

const SOURCE_WORDS: Readonly<Record<RescueSource, string>> = {
  ledger: 'an earlier run',
  cache: 'the cache',
  partial: 'an unfinished file',
  similar: 'other files in the cache',
};

/** Returns a log line about a failed attempt, null for all other events. */
export function retryLine(event: EngineEvent): string | null {
  if (event.event !== 'retry') return null;
  const { path, chunk, attempt, code, message, delayMs } = event;
  const delay = `${(delayMs / 1000).toFixed(1)} s`;
  return `chunk ${chunk} of ${path}, attempt ${attempt}: ${message} (${code}); again in ${delay}`;
}

function rescuedWords({ source, bytes, fileBytes, path }: RescuedEvent): string {
  if (source === 'similar') {
    return `${formatBytesOf(bytes, fileBytes)} of ${path} are already on this machine, in other files of the cache.`;
  }
  return `Reused ${formatBytes(bytes)} of ${path} from ${SOURCE_WORDS[source]}.`;
}

/** Returns a line for an event that is worth keeping on the screen, null for all others. */
export function noteOf(event: EngineEvent): string | null {
  switch (event.event) {
    case 'resolved': {
      const here = event.presentBytes > 0 ? `, ${formatBytes(event.presentBytes)} already here` : '';
      const files = event.files.length === 1 ? '1 file' : `${event.files.length} files`;
      const commit = event.commit.slice(0, 8);
      return printable(
        `${event.repo} at ${commit}: ${files}, ${formatBytes(event.totalBytes)} in all${here}.`,
      );
    }
    case 'rescued':
      return printable(rescuedWords(event));
    case 'judged':
      return isJudgementNews(event) ? printable(judgementWords(event)) : null;
    case 'repaired':
      return printable(
        `Repaired chunk ${event.chunk} of ${event.path}: ${formatBytes(event.bytes)} downloaded again.`,
      );
    default:
      return null;
  }
}
