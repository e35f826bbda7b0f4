import type { GlobalOptions } from '../invocation.ts';
import type { CliIo } from '../io.ts';
import { printEvent } from './json-lines.ts';
import { createLiveProgress } from './live-progress.ts';
import { createPlainProgress } from './plain-progress.ts';
import type { ProgressOutput } from './progress-output.ts';

/**
 * Chooses the output for the options: JSON lines, nothing, a live view, or plain lines where nothing can be redrawn.
 */
export function chooseProgress(io: CliIo, { json, quiet, verbose }: GlobalOptions): ProgressOutput {
  if (json) return jsonProgress(io);
  if (quiet) return { show: () => {}, stop: () => {} };
  // Log lines on the same terminal would tear a view that is redrawn.
  const live = io.stdout.isTerminal && io.env.TERM !== 'dumb' && !(verbose && io.stderr.isTerminal);
  return live ? createLiveProgress(io) : createPlainProgress(io);
}

function jsonProgress(io: CliIo): ProgressOutput {
  return {
    show: (_, event) => {
      if (event !== null) printEvent(io.stdout, event);
    },
    stop: () => {},
  };
}
