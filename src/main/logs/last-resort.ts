import type { Log } from './log.ts';

/** Dependencies of {@link setUpLastResort}. */
export interface LastResortDeps {
  readonly log: Log;
  /** Notifies the user. Called for the first mistake only: one is enough. */
  readonly tell: (error: unknown) => void;
}

/** Logs and reports uncaught errors, so that the app is never silently left half dead. */
export function setUpLastResort(deps: LastResortDeps): void {
  const take = mistakes(deps);
  process.on('uncaughtException', (error) => take('Uncaught exception', error));
  process.on('unhandledRejection', (error) => take('Unhandled rejection', error));
}

/** Handles an uncaught error. */
export function mistakes({ log, tell }: LastResortDeps): (what: string, error: unknown) => void {
  let isTold = false;
  return (what, error) => {
    log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (isTold) return;
    isTold = true;
    tell(error);
  };
}
