import type { RunOptions } from '../../shared/model/run-options.ts';
import type { DownloadContext } from '../contents/context.ts';
import type { QueueOptions } from './queue-options.ts';

/** Per-download options given by a guest, in memory only: they are gone with the engine. */
export class RunContexts {
  readonly #context: DownloadContext;
  readonly #accessWith: QueueOptions['accessWith'];
  readonly #keepsFailures = new Map<string, boolean>();
  readonly #changes = new Map<string, Partial<DownloadContext>>();

  constructor({ context, accessWith }: Pick<QueueOptions, 'context' | 'accessWith'>) {
    this.#context = context;
    this.#accessWith = accessWith;
  }

  /** Applies from the next run of the download on. Absent values keep the previous ones. */
  set(id: string, { token, giveUpAfterMs, waitsForDisk, keepsFailures }: RunOptions): void {
    if (keepsFailures !== undefined) this.#keepsFailures.set(id, keepsFailures);
    const changes = {
      ...(token ? this.#accessWith(token) : {}),
      ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
      ...(waitsForDisk === undefined ? {} : { waitsForDisk }),
    };
    if (Object.keys(changes).length > 0) this.#changes.set(id, changes);
  }

  of(id: string): DownloadContext {
    return { ...this.#context, ...this.#changes.get(id) };
  }

  /** Whether a download that matched nothing is kept; undefined where the engine decides. */
  keepsFailures(id: string): boolean | undefined {
    return this.#keepsFailures.get(id);
  }

  forget(id: string): void {
    this.#changes.delete(id);
    this.#keepsFailures.delete(id);
  }
}
