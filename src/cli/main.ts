import { connect } from './connect.ts';
import { EXIT } from './exit-codes.ts';
import { ignoredSignals, STOP_SIGNALS, signalSource } from './ignored-signals.ts';
import { findInstallation } from './installation.ts';
import { createInterrupt } from './interrupt.ts';
import type { CliIo } from './io.ts';
import { endWithLauncher } from './parent-watch.ts';
import { createProcessIo, drained } from './process-io.ts';
import { asksForJson } from './program.ts';
import { reportFailure, run } from './run.ts';

/** Time for the last lines to pass through a slow pipe, in milliseconds. */
const DRAIN_MS = 2000;

/** Runs the command line of this process, and ends the process. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const interrupt = createInterrupt({ now: Date.now, onSecond: () => process.exit(EXIT.interrupted) });
  const ignored = ignoredSignals(signalSource(process));
  for (const signal of STOP_SIGNALS) {
    process.on(signal, ignored.has(signal) ? () => undefined : interrupt.request);
  }
  endWithLauncher(process, () => process.exit(EXIT.interrupted));
  const io = createProcessIo(process, interrupt);
  process.on('uncaughtException', (cause) => process.exit(reportCrash(io, argv, cause)));
  const installation = await findInstallation(import.meta.url);
  const code = await run(argv, { io, installation, connect });
  await Promise.all([drained(process.stdout, DRAIN_MS), drained(process.stderr, DRAIN_MS)]);
  // Whatever still holds the event loop is not needed any more.
  process.exit(code);
}

/** For what no command could catch; also called for unhandled rejections. */
function reportCrash(io: CliIo, argv: readonly string[], cause: unknown): number {
  const verbose = argv.includes('--verbose');
  return reportFailure({ io, global: { json: asksForJson(argv), quiet: false, verbose } }, cause);
}
