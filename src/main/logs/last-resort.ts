import type { Log } from './log.ts';

/** What {@link setUpLastResort} needs. */
export interface LastResortDeps {
  readonly log: Log;
  /** Tells the user. Called for the first mistake only: one is enough to know. */
  readonly tell: (error: unknown) => void;
}

/** Errors that nobody caught are written down and told, and never leave the app half dead without a word. */
export function setUpLastResort({ log, tell }: LastResortDeps): void {
  let isTold = false;
  const take = (what: string) => (error: unknown) => {
    log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (isTold) return;
    isTold = true;
    tell(error);
  };
  process.on('uncaughtException', take('Uncaught exception'));
  process.on('unhandledRejection', take('Unhandled rejection'));
}
