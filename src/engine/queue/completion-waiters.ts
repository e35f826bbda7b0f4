import { AppError, type ErrorData } from '../../shared/contract/errors.ts';
import type { Download } from './download.ts';

/** Callers that wait for a download to end, by its id. */
export class CompletionWaiters {
  readonly #waits = new Map<string, PromiseWithResolvers<ErrorData | null>>();

  /** Resolves when the download ends: to null when it is ready, otherwise to the error that prevented it. */
  of(id: string): Promise<ErrorData | null> {
    const wait = this.#waits.get(id) ?? Promise.withResolvers<ErrorData | null>();
    this.#waits.set(id, wait);
    return wait.promise;
  }

  /** Notifies the waiters that the download has ended or was stopped. */
  tell({ id, state, row }: Download): void {
    const stopped = new AppError('Cancelled', 'The download was stopped. Your progress is saved.').toData();
    this.#waits.get(id)?.resolve(state === 'ready' ? null : (row.error ?? stopped));
    this.#waits.delete(id);
  }
}
