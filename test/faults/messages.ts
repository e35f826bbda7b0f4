import type { EngineEvent } from '../../src/shared/contract/events.ts';
import { formatBytes } from '../../src/shared/format/bytes.ts';

/** Returns the messages of a download about its troubles: each sentence once, in order. */
export function messagesOf(events: readonly EngineEvent[]): readonly string[] {
  const sentences = events.flatMap((event) => {
    switch (event.event) {
      case 'retry':
        return [event.message];
      case 'failed':
        return [`${event.code}: ${event.message}`];
      case 'progress':
        return event.reason === undefined ? [] : [event.reason];
      case 'rescued':
        return [`rescued ${event.path}: ${formatBytes(event.bytes)} (${event.source})`];
      default:
        return [];
    }
  });
  const repaired = events.filter((event) => event.event === 'repaired').length;
  if (repaired > 0) sentences.unshift(`repaired: ${repaired} ${repaired === 1 ? 'chunk' : 'chunks'}`);
  const once = [...new Set(sentences.map(plain))];
  // The last message repeats a reason shown before, with its code.
  return once.filter(
    (sentence) => !once.some((other) => other !== sentence && other.endsWith(`: ${sentence}`)),
  );
}

/** Removes ports, temporary folders and running seconds, so that the table is the same after each run. */
export function plain(sentence: string): string {
  return sentence
    .replaceAll(/127\.0\.0\.1:\d+/g, 'hub.test')
    .replaceAll(/localhost:\d+/g, 'cdn.test')
    .replaceAll(/(?:\/[\w.-]+)*\/haulyard-[\w.-]+/g, '…')
    .replaceAll(/damaged-\d[\dTZ-]*/g, 'damaged-TIME')
    .replaceAll(/([0-9a-f]{6})[0-9a-f]{34,58}/g, '$1…')
    .replaceAll(/ \(try \d+\)/g, '')
    .replaceAll(/process \d+/g, 'process 4711')
    .replaceAll(/No data for (?:[3-9]|[12]\d) s/g, 'No data for 3 s');
}
