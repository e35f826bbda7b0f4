import { AppError, type ErrorData } from '../../shared/contract/errors.ts';

/** Answer to calls that a crash cut off, or that came while there was no engine. */
export function engineGone(): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'The engine is being started again. What was received is safe, and downloads go on by themselves. Try again in a moment.',
  ).toData();
}

/** Answer to calls after the app began to end. */
export function engineStopped(): ErrorData {
  return new AppError('EngineUnavailable', 'Haulyard is closing. Downloads go on next time.').toData();
}

/** The engine ended unasked and is started again. */
export function engineCrashed(code: number | null): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'The engine ended unexpectedly and is started again. What was received is safe.',
    { details: code === null ? {} : { exitCode: code } },
  ).toData();
}

/** The engine ended too often to be started again without being asked. */
export function engineGivenUp(code: number | null): ErrorData {
  return new AppError(
    'EngineUnavailable',
    'The engine keeps ending unexpectedly and was not started again. What was received is safe. Try again, or look into the log.',
    { details: code === null ? {} : { exitCode: code }, retryable: false },
  ).toData();
}

/** The data folder belongs to another program, most often the command line, until that ends. */
export function ledgerBusy(error: ErrorData): ErrorData {
  const { program } = error.details;
  const who = typeof program === 'string' ? ` (${program.slice(0, 80)})` : '';
  const message = `The command line or another program is using this data folder${who}. Its downloads go on there. Haulyard takes over by itself when that ends.`;
  return { ...error, message, retryable: true };
}
