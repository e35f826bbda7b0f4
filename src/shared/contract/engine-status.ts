import type { ErrorData } from './errors.ts';

/** How the engine process is. */
export type EngineStatus =
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly runId: string }
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
