import type { ErrorData } from './errors.ts';

/** State of the engine process. */
export type EngineStatus =
  | { readonly state: 'starting' }
  /**
   * `owner` is another program that has the data folder and does the work, for example `haulyard download`; absent for
   * this one.
   */
  | { readonly state: 'running'; readonly runId: string; readonly owner?: string }
  /** It ended unexpectedly and is restarted at `retryAt` (ISO time). */
  | {
      readonly state: 'restarting';
      readonly attempt: number;
      readonly retryAt: string;
      readonly error: ErrorData;
    }
  /** It is not restarted without the user; what was downloaded is safe. */
  | { readonly state: 'failed'; readonly error: ErrorData }
  | { readonly state: 'stopped' };
