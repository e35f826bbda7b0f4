import type { Log } from './log.ts';

/** What {@link setUpLastResort} needs. */
export interface LastResortDeps {
  readonly log: Log;
  /** Tells the user. Called for the first mistake only: one is enough to know. */
  readonly tell: (error: unknown) => void;
}

/** Errors that nobody caught are written down and told, and never leave the app half dead without a word. */
export function setUpLastResort(deps: LastResortDeps): void {
  const take = mistakes(deps);
  process.on('uncaughtException', (error) => take('Uncaught exception', error));
  process.on('unhandledRejection', (error) => take('Unhandled rejection', error));
}

/** What is done with an error that nobody caught. */
export function mistakes({ log, tell }: LastResortDeps): (what: string, error: unknown) => void {
  let isTold = false;
  return (what, error) => {
    log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (isTold) return;
    isTold = true;
    tell(error);
  };
}
