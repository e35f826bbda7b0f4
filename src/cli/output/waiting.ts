import type { EngineEvent, ProgressEvent, VerifyingEvent } from '../../shared/contract/events.ts';
import { formatBytesOf } from '../../shared/format/bytes.ts';
import { formatDuration } from '../../shared/format/duration.ts';
import type { GlobalOptions } from '../invocation.ts';
import type { CliIo } from '../io.ts';
import { truncateEnd } from './display-width.ts';
import { createLiveScreen } from './live-screen.ts';
import { noteOf } from './notes.ts';
import { printable } from './printable.ts';
import { stateWord } from './words.ts';

/** Time between two lines on outputs that cannot be redrawn, in milliseconds. */
const LINE_EVERY_MS = 5000;
const REDRAW_MS = 250;

/** Shows that files are being verified. */
export interface Waiting {
  /** Receives the engine's events. */
  readonly take: (event: EngineEvent) => void;
  /** Restores the terminal. */
  stop(): void;
}

/** Redraws on a terminal, writes a line every few seconds elsewhere, and nothing with `--json` or `--quiet`. */
export function createWaiting(
  { io, global }: { io: CliIo; global: GlobalOptions },
  doing = 'verifying',
): Waiting {
  if (global.json || global.quiet) return { take: () => {}, stop: () => {} };
  const startedMs = io.now();
  const live = io.stdout.isTerminal && io.env.TERM !== 'dumb';
  const place = live ? livePlace(io) : linePlace(io);
  let latest: WorkEvent | null = null;
  const end = io.every(live ? REDRAW_MS : LINE_EVERY_MS, () => {
    place.show(waitingWords((io.now() - startedMs) / 1000, latest, doing));
  });
  return {
    take(event) {
      if (event.event === 'verifying' || event.event === 'progress') latest = event;
      const note = event.event === 'repaired' ? noteOf(event) : null;
      if (note !== null) place.note(note);
    },
    stop() {
      end();
      place.stop();
    },
  };
}

type WorkEvent = VerifyingEvent | ProgressEvent;

/** Where the words appear. */
interface Place {
  show(words: string): void;
  note(line: string): void;
  stop(): void;
}

function linePlace({ stdout }: CliIo): Place {
  const line = (words: string) => stdout.write(`${words}\n`);
  return { show: line, note: line, stop: () => {} };
}

function livePlace(io: CliIo): Place {
  const screen = createLiveScreen(io.stdout);
  const endAtExit = io.atExit(() => screen.stop());
  return {
    show: (words) => screen.draw([truncateEnd(words, io.stdout.columns() - 1)]),
    note: (line) => screen.above(line),
    stop() {
      endAtExit();
      screen.stop();
    },
  };
}

/** `verifying… 12 s`, with amount and file once they are known. */
export function waitingWords(seconds: number, latest: WorkEvent | null, doing = 'verifying'): string {
  const elapsed = formatDuration(seconds);
  if (latest === null) return `${doing}… ${elapsed}`;
  if (latest.event === 'progress') {
    const amount = formatBytesOf(latest.receivedBytes, latest.totalBytes);
    return `${stateWord(latest.state).toLowerCase()}… ${elapsed} · ${amount}`;
  }
  const amount = formatBytesOf(latest.hashedBytes, latest.totalBytes);
  return `${doing}… ${elapsed} · ${amount} · ${printable(latest.path)}`;
}
