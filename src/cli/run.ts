import { AppError } from '../shared/contract/errors.ts';
import { runInvocation } from './commands/run-invocation.ts';
import type { Connect } from './connect.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import type { Installation } from './installation.ts';
import type { GlobalOptions } from './invocation.ts';
import type { CliIo } from './io.ts';
import { type PrintTarget, printFailure } from './output/print.ts';
import { asksForJson, parseCommandLine } from './program.ts';
import { resolveSettings } from './settings.ts';

/** Dependencies of {@link run}. */
export interface RunDeps {
  readonly io: CliIo;
  readonly installation: Installation;
  readonly connect: Connect;
}

/**
 * Runs one command line, from its arguments to its exit code. Every error is reported on the outputs of `io`; never
 * rejects.
 */
export async function run(argv: readonly string[], deps: RunDeps): Promise<number> {
  const { io, installation } = deps;
  let global: GlobalOptions = { json: asksForJson(argv), quiet: false, verbose: argv.includes('--verbose') };
  try {
    const parsed = parseCommandLine(argv, installation.version);
    if (parsed.kind === 'print') {
      io.stdout.write(parsed.text);
      return EXIT.done;
    }
    global = parsed.global;
    const settings = resolveSettings(global, {
      env: io.env,
      platform: io.platform,
      homedir: io.homedir,
      catalogFile: installation.catalogFile,
    });
    const { invocation } = parsed;
    return await runInvocation({ ...deps, global, settings, command: invocation.command }, invocation);
  } catch (cause) {
    return reportFailure({ io, global }, cause);
  }
}

/** Reports a failure in the form the options ask for; the stack only with `--verbose`. @returns its exit code */
export function reportFailure(target: PrintTarget, cause: unknown): number {
  const error = cause instanceof AppError ? cause : unexpected(cause);
  printFailure(target, error);
  if (target.global.verbose) target.io.stderr.write(`${stackOf(error)}\n`);
  return exitCodeOf(error.code);
}

function unexpected(cause: unknown): AppError {
  const message = 'Something went wrong inside haulyard. What was fetched is saved; --verbose shows details.';
  return new AppError('Internal', message, { cause });
}

function stackOf(error: AppError): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.stack}\nCaused by ${cause.stack}` : `${error.stack}`;
}
