import { AppError, type ErrorData } from '../../shared/contract/errors.ts';

/** Result of calls that a crash interrupted, or that were made while there was no engine. */
export function engineGone(): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'Haulyard’s engine is restarting. Your progress is saved, and downloads resume by themselves. Try again in a moment.',
  ).toData();
}

/** Result of calls after the app began to end. */
export function engineStopped(): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'Haulyard is closing. Downloads resume the next time you open it.',
  ).toData();
}

/** The engine crashed and is restarted. */
export function engineCrashed(code: number | null): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'Haulyard’s engine quit unexpectedly and is restarting. Your progress is saved.',
    { details: code === null ? {} : { exitCode: code } },
  ).toData();
}

/** The engine crashed too often to be restarted unasked. */
export function engineGivenUp(code: number | null): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'Haulyard’s engine keeps quitting unexpectedly. Your progress is saved. Try again, or look at the log.',
    { details: code === null ? {} : { exitCode: code }, retryable: false },
  ).toData();
}

/** The data folder belongs to another program, usually the command line, until that ends. */
export function ledgerBusy(error: ErrorData): ErrorData {
  const { program } = error.details;
  const who = typeof program === 'string' ? ` (${program.slice(0, 80)})` : '';
  const message = `The command line or another program is using this data folder${who}. Its downloads continue there. Haulyard takes over when it ends.`;
  return { ...error, message, retryable: true };
}
