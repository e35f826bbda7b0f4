import type { DownloadContext } from '../contents/context.ts';
import { classify } from '../errors/classify.ts';
import { NO_PEERS } from '../sources/peer/peers.ts';
import type { Download } from './download.ts';
import { planTasks, trackFiles } from './plan-tasks.ts';
import type { QueueOptions } from './queue-options.ts';
import { resolveAhead } from './resolve-files.ts';

/**
 * Resolves the files of downloads that wait for their turn, so that the sizes and totals of a queue are known: one
 * download at a time, in queue order. Failures are reported when their turn comes; nothing is ever repeated for this
 * alone.
 */
export class LookAhead {
  readonly #context: DownloadContext;
  readonly #findVariant: QueueOptions['findVariant'];
  #waiting: readonly Download[] = [];
  #asking: { readonly id: string; readonly abort: AbortController } | null = null;
  /** Downloads about which nothing can be known before their turn. */
  readonly #refused = new Set<string>();

  constructor(context: DownloadContext, findVariant: QueueOptions['findVariant']) {
    this.#context = context;
    this.#findVariant = findVariant;
  }

  /** Looks ahead for these downloads; replaces the previous list. */
  look(waiting: readonly Download[]): void {
    this.#waiting = waiting;
    this.#next();
  }

  /** Its turn has come, or it was removed: drops the request that is under way for it. */
  end(id: string): void {
    if (this.#asking?.id === id) this.#asking.abort.abort();
    this.#waiting = this.#waiting.filter((download) => download.id !== id);
  }

  close(): void {
    this.#waiting = [];
    this.#asking?.abort.abort();
  }

  #next(): void {
    const { hostBackoff, hub } = this.#context;
    if (this.#asking !== null || hostBackoff.waitMs(hub.endpoint.host) > 0) return;
    const download = this.#waiting.find(({ id, files }) => files.length === 0 && !this.#refused.has(id));
    if (!download) return;
    const abort = new AbortController();
    this.#asking = { id: download.id, abort };
    void this.#ask(download, abort.signal)
      .catch((error) => abort.signal.aborted || this.#failed(download, classify(error).retryable))
      .finally(() => {
        this.#asking = null;
        this.#next();
      });
  }

  async #ask(download: Download, signal: AbortSignal): Promise<void> {
    const { row } = download;
    const wish = {
      ...row.options,
      repo: row.repo,
      revision: row.revision,
      variant: this.#findVariant(row.model, row.variant),
    };
    const files = await resolveAhead(download, wish, this.#context, signal);
    const { commit } = download.row;
    if (commit === null) return;
    const tasks = planTasks(download, {
      commit,
      files,
      symlinks: true,
      repairHashes: new Set(),
      peers: NO_PEERS,
    });
    const tracked = await trackFiles(download, files, tasks, this.#context);
    if (signal.aborted) return;
    download.track(tracked.files);
    this.#context.emit({ event: 'listed', download: download.id });
  }

  /** The network may be back when the queue advances. */
  #failed({ id }: Download, isRetryable: boolean): void {
    if (isRetryable) this.#waiting = [];
    else this.#refused.add(id);
  }
}
