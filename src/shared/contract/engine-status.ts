import type { ErrorData } from './errors.ts';

/** How the engine process is. */
export type EngineStatus =
  | { readonly state: 'starting' }
  /** `owner` is another program that has the data folder and does the work, for instance `haulyard download`; absent for this one. */
  | { readonly state: 'running'; readonly runId: string; readonly owner?: string }
  /** It ended unasked and is started again at `retryAt` (ISO time). */
  | {
      readonly state: 'restarting';
      readonly attempt: number;
      readonly retryAt: string;
      readonly error: ErrorData;
    }
  /** It will not be started again without the user; what was downloaded is safe. */
  | { readonly state: 'failed'; readonly error: ErrorData }
  | { readonly state: 'stopped' };
