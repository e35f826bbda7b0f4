import { AppError, type ErrorData } from '../../shared/contract/errors.ts';
import type { Download } from './download.ts';

/** Those who wait for a download to end, by its id. */
export class CompletionWaiters {
  readonly #waits = new Map<string, PromiseWithResolvers<ErrorData | null>>();

  /** Resolves when the download ends: to null when it is ready, else to what prevented that. */
  of(id: string): Promise<ErrorData | null> {
    const wait = this.#waits.get(id) ?? Promise.withResolvers<ErrorData | null>();
    this.#waits.set(id, wait);
    return wait.promise;
  }

  /** The download has ended, or was stopped. */
  tell({ id, state, row }: Download): void {
    const stopped = new AppError('Cancelled', 'The download was stopped. Your progress is saved.').toData();
    this.#waits.get(id)?.resolve(state === 'ready' ? null : (row.error ?? stopped));
    this.#waits.delete(id);
  }
}
