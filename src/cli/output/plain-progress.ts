import { formatBytesOf } from '../../shared/format/bytes.ts';
import { formatDuration } from '../../shared/format/duration.ts';
import type { CliIo } from '../io.ts';
import { noteOf } from './notes.ts';
import { printable } from './printable.ts';
import { type DownloadProgress, verificationOf } from './progress-model.ts';
import type { ProgressOutput } from './progress-output.ts';
import { chunkWords, headlineParts, isHeldUp, situationWords } from './words.ts';

/** Time between two lines about a download whose state did not change, in milliseconds. */
const LINE_EVERY_MS = 5000;

/** The content and time of the last line about a download. */
interface Printed {
  readonly key: string;
  readonly atMs: number;
}

/** Prints a line for each change of state and every few seconds: for files, pipes and dumb terminals. */
export function createPlainProgress(io: CliIo): ProgressOutput {
  const printed = new Map<string, Printed>();
  const line = (text: string) => io.stdout.write(`${text}\n`);
  const print = (id: string, progress: DownloadProgress) => {
    const nowMs = io.now();
    const key = `${progress.view.state} ${progress.view.reason ?? ''}`;
    const last = printed.get(id);
    if (last?.key === key && nowMs - last.atMs < LINE_EVERY_MS) return;
    printed.set(id, { key, atMs: nowMs });
    line(plainLine(progress, nowMs));
  };
  return {
    show(model, event) {
      const note = event === null ? null : noteOf(event);
      if (note !== null) line(note);
      for (const [id, progress] of model) {
        const { state } = progress.view;
        // The command itself reports the end; a line with 99 % is followed by one with 100 %.
        if (state === 'ready' ? printed.has(id) : state !== 'failed') print(id, progress);
      }
    },
    stop: () => {},
  };
}

/** One download in one line. */
export function plainLine(progress: DownloadProgress, nowMs: number): string {
  const { view } = progress;
  const name = printable(progress.name);
  if (isHeldUp(progress, nowMs)) return `${name}: ${printable(situationWords(progress, nowMs))}`;
  const parts = [...headlineParts(view)];
  if (view.chunksTotal > 0) parts.push(chunkWords(view));
  return [`${name}: ${parts.join(' · ')}`, ...verifyingWords(progress, nowMs)].join(' · ');
}

function verifyingWords(progress: DownloadProgress, nowMs: number): readonly string[] {
  return [...progress.verifying.keys()].flatMap((path) => {
    const running = verificationOf(progress, path, nowMs);
    if (running === undefined) return [];
    const amount = formatBytesOf(running.hashedBytes, running.totalBytes);
    return [`verifying ${printable(path)}… ${formatDuration(running.seconds)} · ${amount}`];
  });
}
