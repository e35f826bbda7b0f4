import type { EngineEvent, VerifyingEvent } from '../../shared/contract/events.ts';
import { formatBytesOf } from '../../shared/format/bytes.ts';
import { formatDuration } from '../../shared/format/duration.ts';
import type { GlobalOptions } from '../invocation.ts';
import type { CliIo } from '../io.ts';
import { truncateEnd } from './display-width.ts';
import { createLiveScreen } from './live-screen.ts';
import { printable } from './printable.ts';

/** Time between two lines where nothing can be drawn in place, in milliseconds. */
const LINE_EVERY_MS = 5000;
const REDRAW_MS = 250;

/** Keeps a person company while files are verified. */
export interface Waiting {
  /** Takes the engine's events. */
  readonly take: (event: EngineEvent) => void;
  /** Leaves the terminal as it was found. */
  stop(): void;
}

/** Draws in place on a terminal, writes a line every few seconds elsewhere, and nothing with `--json` or `--quiet`. */
export function createWaiting({ io, global }: { io: CliIo; global: GlobalOptions }): Waiting {
  if (global.json || global.quiet) return { take: () => {}, stop: () => {} };
  const startedMs = io.now();
  let latest: VerifyingEvent | null = null;
  const words = () => waitingWords((io.now() - startedMs) / 1000, latest);
  const take = (event: EngineEvent) => {
    if (event.event === 'verifying') latest = event;
  };
  if (!io.stdout.isTerminal || io.env.TERM === 'dumb') {
    const end = io.every(LINE_EVERY_MS, () => io.stdout.write(`${words()}\n`));
    return { take, stop: end };
  }
  const screen = createLiveScreen(io.stdout);
  const endAtExit = io.atExit(() => screen.stop());
  const end = io.every(REDRAW_MS, () => screen.draw([truncateEnd(words(), io.stdout.columns() - 1)]));
  return {
    take,
    stop() {
      end();
      endAtExit();
      screen.stop();
    },
  };
}

/** `verifying… 12 s`, with file and amount once they are known. */
export function waitingWords(seconds: number, latest: VerifyingEvent | null): string {
  const elapsed = `verifying… ${formatDuration(seconds)}`;
  if (latest === null) return elapsed;
  return `${elapsed} · ${formatBytesOf(latest.hashedBytes, latest.totalBytes)} · ${printable(latest.path)}`;
}
