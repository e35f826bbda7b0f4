import type { EngineEvent } from '../../../shared/contract/events.ts';
import { formatFailure } from '../../../shared/format/failure.ts';
import { isJudgementNews, judgementWords } from '../../../shared/format/judgement-words.ts';
import { formatTrouble } from '../../../shared/format/trouble.ts';
import { troubleOf } from '../../../shared/model/wait.ts';
import { eventLogWords as words } from './event-log-words.ts';

/** Returns an event's line in the inspector's log; null for those that are not news (progress, heartbeats). */
export function eventWords(event: EngineEvent): string | null {
  switch (event.event) {
    case 'resolved':
      return words.eventResolved(event.totalBytes, event.presentBytes);
    case 'rescued':
      return event.source === 'ledger'
        ? words.eventResumed(event.bytes)
        : words.eventRescued(event.bytes, event.path, words.rescueSource[event.source]);
    case 'retry':
      return words.eventRetry(event.attempt, troubleWords(event), event.delayMs / 1000);
    case 'judged':
      return isJudgementNews(event) ? judgementWords(event) : null;
    case 'repaired':
      return words.eventRepaired(event.chunk, event.path, event.bytes);
    case 'done':
      return words.eventDone(event.stats.seconds, event.stats.downloadedBytes - event.stats.wastedBytes);
    case 'failed':
      return formatFailure(event.code);
    case 'build.planned':
    case 'build.progress':
    case 'build.verifying':
    case 'build.done':
    case 'build.failed':
    case 'listed':
    case 'progress':
    case 'verifying':
      return null;
  }
}

/** One line of the log. */
export interface LogLine {
  readonly key: number;
  /** ISO time. */
  readonly time: string;
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'attention' | 'bad';
}

const TONES: Readonly<Partial<Record<EngineEvent['event'], LogLine['tone']>>> = {
  retry: 'attention',
  repaired: 'attention',
  rescued: 'good',
  done: 'good',
  failed: 'bad',
};

/** Returns the log, newest first. A state is listed once, and so is what several connections met at the same time. */
export function logLines(events: readonly EngineEvent[]): readonly LogLine[] {
  const lines: Array<LogLine & { count: number }> = [];
  let state: string | null = null;
  for (const event of events) {
    if (event.event === 'progress' && event.state === state) continue;
    if (event.event === 'progress') state = event.state;
    const text = event.event === 'progress' ? stateWords(event) : eventWords(event);
    const last = lines.at(-1);
    if (text === null) continue;
    if (last?.text === text) last.count += 1;
    else
      lines.push({ key: event.seq, time: event.time, text, tone: TONES[event.event] ?? 'plain', count: 1 });
  }
  return lines
    .map(({ count, ...line }) => (count > 1 ? { ...line, text: words.times(line.text, count) } : line))
    .reverse();
}

function stateWords({ state, wait }: Extract<EngineEvent, { event: 'progress' }>): string {
  if (wait === undefined) return words.eventState[state];
  const { trouble, host, reason } = wait;
  return trouble === undefined ? words.eventWait[reason] : formatTrouble(trouble, host ?? words.theServer);
}

/** Returns what an attempt met: the network's trouble where it is known, else what the kind of the failure means. */
function troubleWords({ code, details = {} }: Extract<EngineEvent, { event: 'retry' }>): string {
  const trouble = troubleOf(details);
  const host = typeof details.host === 'string' ? details.host : words.theServer;
  return trouble === undefined ? words.eventTrouble(code, host) : formatTrouble(trouble, host);
}
